using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What a replay did to an activity, or would do: the column <c>replay_changes.kind</c>.</summary>
public enum ReplayChangeKind
{
    /// <summary>It was missing.</summary>
    [JsonStringEnumMemberName("added")] Added,

    /// <summary>Something about it was not right: the reason names what.</summary>
    [JsonStringEnumMemberName("changed")] Changed,

    /// <summary>Nothing but its folder was not right.</summary>
    [JsonStringEnumMemberName("moved")] Moved,

    /// <summary>By today's rules and contacts it is none: the reason is that of the skip.</summary>
    [JsonStringEnumMemberName("removed")] Removed,
}
