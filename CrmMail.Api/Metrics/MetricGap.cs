using System.Text.Json.Serialization;

namespace CrmMail.Api.Metrics;

/// <summary>Why a figure is not known.</summary>
internal enum MetricGap
{
    /// <summary>There was nothing of the kind in the time span.</summary>
    [JsonStringEnumMemberName("nothing-to-count")] NothingToCount,

    /// <summary>Events without an activity are remembered for 30 days, and the time span begins before.</summary>
    [JsonStringEnumMemberName("skips-forgotten")] SkipsForgotten,
}
