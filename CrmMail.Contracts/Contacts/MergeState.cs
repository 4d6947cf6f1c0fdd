using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>How far the merge of two contacts is: the column <c>contact_merges.state</c>.</summary>
public enum MergeState
{
    /// <summary>Addresses and deals have moved, mails are about to.</summary>
    [JsonStringEnumMemberName("moving")] Moving,

    /// <summary>Everything has moved.</summary>
    [JsonStringEnumMemberName("merged")] Merged,

    /// <summary>Addresses and deals are back, mails are about to be.</summary>
    [JsonStringEnumMemberName("undoing")] Undoing,

    /// <summary>The contact is what it was.</summary>
    [JsonStringEnumMemberName("undone")] Undone,
}
