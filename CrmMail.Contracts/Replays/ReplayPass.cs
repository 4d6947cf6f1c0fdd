using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What is being done with a partition of a replay: the column <c>replay_partitions.pass</c>.</summary>
public enum ReplayPass
{
    /// <summary>Its events are written to tables of the run's own.</summary>
    [JsonStringEnumMemberName("draft")] Draft,

    /// <summary>Those tables are held against the real ones, account by account; a rebuild repairs what differs.</summary>
    [JsonStringEnumMemberName("compare")] Compare,

    /// <summary>Its events are written to the real tables.</summary>
    [JsonStringEnumMemberName("fill")] Fill,
}
