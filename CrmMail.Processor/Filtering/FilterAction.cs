using System.Text.Json.Serialization;

namespace CrmMail.Processor.Filtering;

/// <summary>What becomes of the mails of a tag.</summary>
internal enum FilterAction
{
    /// <summary>They are on timelines as all others, without the tag.</summary>
    [JsonStringEnumMemberName("keep")] Keep,

    /// <summary>They are activities with the tag, shown where it is asked for.</summary>
    [JsonStringEnumMemberName("tag")] Tag,

    /// <summary>They make no activity: a skip says why.</summary>
    [JsonStringEnumMemberName("drop")] Drop,
}
