using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>
/// How the address of a mail leads to a contact, the closest first: a looser rule is asked only where no closer one knows the address. The
/// stored texts sort in the same order, so the database can tell the closer of two.
/// </summary>
public enum MatchRule
{
    /// <summary>The contact has this address.</summary>
    [JsonStringEnumMemberName("exact")] Exact,

    /// <summary>The contact has the address that is left without the tag: <c>ann@x</c> of <c>ann+shop@x</c>. A tag in an address of a contact is a part of it.</summary>
    [JsonStringEnumMemberName("plus-tag")] PlusTag,

    /// <summary>The contact has an address of the same mailbox at Gmail, which knows neither dots nor tags, by either of its domains.</summary>
    [JsonStringEnumMemberName("same-gmail")] SameGmail,
}

/// <summary>What the rules compare.</summary>
public static class MatchRules
{
    /// <summary>All rules, in their order.</summary>
    public static readonly ImmutableArray<MatchRule> InOrder = [MatchRule.Exact, MatchRule.PlusTag, MatchRule.SameGmail];

    /// <summary>What the rule looks an address of a mail up by; null where the rule has nothing to say about it.</summary>
    public static string? KeyOf(this MatchRule rule, EmailAddress address) => rule switch
    {
        MatchRule.Exact => address.Value,
        MatchRule.PlusTag => address.WithoutTag() is var untagged && untagged != address ? untagged.Value : null,
        MatchRule.SameGmail => address.GmailMailbox,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };
}
