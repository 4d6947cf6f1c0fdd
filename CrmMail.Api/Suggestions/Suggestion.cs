namespace CrmMail.Api.Suggestions;

/// <summary>An address that belongs to nobody, and a contact whose it may be: one of the same name, with an address at the same domain.</summary>
/// <param name="Address">As it is compared: lower case, the domain in A-labels.</param>
/// <param name="ContactId">The contact.</param>
/// <param name="ContactName">The name of the contact, which stands with the address in mails: perhaps in another order, or case.</param>
/// <param name="ContactAddress">The address of the contact at the same domain; of several the first.</param>
/// <param name="FirstSeenAt">When the first mail with the address was written.</param>
/// <param name="LastSeenAt">When the last one was written.</param>
/// <param name="IncomingCount">Mails from the address.</param>
/// <param name="SentCount">Mails to it.</param>
internal sealed record Suggestion(
    string Address,
    Guid ContactId,
    string ContactName,
    string ContactAddress,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset LastSeenAt,
    long IncomingCount,
    long SentCount);

/// <summary>Which suggestion is meant.</summary>
/// <param name="Address">The address.</param>
/// <param name="ContactId">The contact whose it is, or is not.</param>
internal sealed record SuggestionRequest(string? Address, Guid? ContactId);
