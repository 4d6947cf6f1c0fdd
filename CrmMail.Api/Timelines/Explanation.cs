using System.Text.Json.Serialization;
using CrmMail.Api.Suggestions;
using CrmMail.Contracts;

namespace CrmMail.Api.Timelines;

/// <summary>Why an activity is on the timelines where it is.</summary>
/// <param name="ActivityId">The activity.</param>
/// <param name="AccountId">The account that has the mail.</param>
/// <param name="Direction">Which way the mail went. Of an incoming one who wrote it is asked for, of a sent one to whom it went.</param>
/// <param name="AddressCount">How many addresses the mail names.</param>
/// <param name="Addresses">What the rules say today of the addresses that the mail names, of at most 100 of them.</param>
/// <param name="Contacts">The contacts that are linked, each with the rule that led to it.</param>
/// <param name="Deals">The deals to which the mail belongs, each with the reason.</param>
/// <param name="Events">The events that told of the mail in this account, the first in Kafka first, at most 100.</param>
internal sealed record Explanation(
    long ActivityId,
    string AccountId,
    Direction Direction,
    int AddressCount,
    IReadOnlyList<ExplainedAddress> Addresses,
    IReadOnlyList<ActivityContact> Contacts,
    IReadOnlyList<ActivityDeal> Deals,
    IReadOnlyList<ExplainedEvent> Events);

/// <summary>An address of a mail, and what the rules say of it today.</summary>
/// <param name="Address">As it is compared: lower case, the domain in A-labels.</param>
/// <param name="Role">The header in which it stands.</param>
/// <param name="Outcome">To whom it leads.</param>
/// <param name="ContactId">The contact, if it leads to one.</param>
/// <param name="OwnAccountId">Our own account, if it leads to one.</param>
/// <param name="Rules">The rules in their order, to the one that decided; none where nobody asks.</param>
/// <param name="Suggestions">Of an address that leads to nobody: contacts whose it may be, by name and domain, until a person says so.</param>
internal sealed record ExplainedAddress(
    string Address,
    ParticipantRole Role,
    AddressOutcome Outcome,
    Guid? ContactId,
    string? OwnAccountId,
    IReadOnlyList<TriedRule> Rules,
    IReadOnlyList<Suggestion> Suggestions);

/// <summary>To whom an address of a mail leads.</summary>
internal enum AddressOutcome
{
    /// <summary>A contact.</summary>
    [JsonStringEnumMemberName("contact")] Contact,

    /// <summary>One of our own accounts, which are never contacts.</summary>
    [JsonStringEnumMemberName("own-account")] OwnAccount,

    /// <summary>Nobody who is known.</summary>
    [JsonStringEnumMemberName("nobody")] Nobody,

    /// <summary>The author of the mail itself, who wrote to this address too.</summary>
    [JsonStringEnumMemberName("author")] Author,

    /// <summary>Not looked at: a recipient of an incoming mail, the author of a sent one, or a Reply-To of a mail that no mailing list has passed on.</summary>
    [JsonStringEnumMemberName("not-asked")] NotAsked,
}

/// <summary>A rule, and what it found.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Key">What it compared; null where it has nothing to say about the address.</param>
/// <param name="IsDecisive">Whether it decided.</param>
/// <param name="Candidates">Whose addresses it found. Our own account goes before contacts, and of several contacts the one that was made first.</param>
internal sealed record TriedRule(MatchRule Rule, string? Key, bool IsDecisive, IReadOnlyList<AddressOwner> Candidates);

/// <summary>An event that told of a mail by addresses that are none of our own.</summary>
/// <param name="EventId">The id that the sender gave it.</param>
/// <param name="Source">Who told us.</param>
/// <param name="MadeActivity">Whether it made the activity.</param>
/// <param name="SkipReason">Why it made none of its own, as long as that is remembered: for 30 days.</param>
internal sealed record ExplainedEvent(string EventId, MailSource Source, bool MadeActivity, SkipReason? SkipReason);

/// <summary>Somebody to whom an address belongs.</summary>
/// <param name="Address">The address.</param>
/// <param name="ContactId">The contact that has it.</param>
/// <param name="ContactName">The name of the contact.</param>
/// <param name="OwnAccountId">Our own account that has it.</param>
/// <param name="ContactOrigin">How the contact came to be.</param>
/// <param name="ContactOriginEventId">The event by which the policy for unknown addresses made the contact.</param>
internal sealed record AddressOwner(
    string Address, Guid? ContactId, string? ContactName, string? OwnAccountId, ContactOrigin? ContactOrigin = null, string? ContactOriginEventId = null);
