using CrmMail.Contracts;

namespace CrmMail.Api.Timelines;

/// <summary>A mail as one account has seen it.</summary>
/// <param name="AccountId">The mailbox, or the team address: `mailparse:` and its name.</param>
/// <param name="Source">Who told of it.</param>
/// <param name="Direction">Which way it went, seen from the account.</param>
/// <param name="ReceivedAt">When it became known here.</param>
internal sealed record Capture(string AccountId, MailSource Source, Direction Direction, DateTimeOffset ReceivedAt);
