using CrmMail.Contracts;

namespace CrmMail.Api.Unmatched;

/// <summary>An address of mails that belongs to no contact.</summary>
/// <param name="Address">As it is compared: lower case, the domain in A-labels.</param>
/// <param name="FirstSeenAt">When the first mail was written.</param>
/// <param name="LastSeenAt">When the last mail was written.</param>
/// <param name="IncomingCount">Mails from it.</param>
/// <param name="SentCount">Mails to it.</param>
internal sealed record UnmatchedAddress(string Address, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, long IncomingCount, long SentCount);

/// <summary>An event that names an address.</summary>
/// <param name="EventId">The id that the sender gave the event.</param>
/// <param name="AccountId">The account that has the mail.</param>
/// <param name="Source">Who told us.</param>
/// <param name="Role">The header in which the address stands.</param>
/// <param name="Direction">Which way the mail went.</param>
/// <param name="OccurredAt">When the mail was written, as far as the event tells.</param>
/// <param name="Partition">The partition of `mail.events`.</param>
/// <param name="Offset">The offset in the partition.</param>
internal sealed record UnmatchedEvent(
    string EventId, string AccountId, MailSource Source, ParticipantRole Role, Direction Direction, DateTimeOffset OccurredAt, int Partition, long Offset);
