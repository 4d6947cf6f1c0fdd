using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrmMail.Contracts;

namespace CrmMail.Api.Contacts;

/// <summary>Somebody who is to be erased, as mails name it: by its addresses, whatever their case, also with a tag (<c>ann+shop@</c>), and at
/// Gmail by every address of the mailbox.</summary>
internal sealed class Person(IReadOnlyCollection<string> addresses)
{
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    // As the Processor writes the column.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<string> _addresses = new(addresses, StringComparer.Ordinal);
    private readonly HashSet<string> _gmailMailboxes = [.. addresses.Select(address => EmailAddress.Parse(address).GmailMailbox).OfType<string>()];

    public IReadOnlyCollection<string> Addresses => _addresses;

    public int AddressCount => _addresses.Count;

    /// <summary>What the addresses have in common with those that some rule takes for them.</summary>
    public string[] Mailboxes { get; } = [.. addresses.Select(address => EmailAddress.Parse(address).Mailbox).Distinct(StringComparer.Ordinal)];

    /// <summary>The addresses in every form in which <c>participant_addresses</c> may give them.</summary>
    public string[] Spellings { get; } = [.. addresses.SelectMany(address => new[] { address, WithUnicodeDomain(address) }).Distinct(StringComparer.Ordinal)];

    /// <summary>Takes the person out of a column called participants.</summary>
    /// <param name="participants">The JSON of the column.</param>
    /// <param name="rest">What is left.</param>
    /// <param name="isAlone">Whether no recipient is left.</param>
    /// <returns>Whether the person was there.</returns>
    public bool TryRemoveFrom(string participants, [NotNullWhen(true)] out string? rest, out bool isAlone)
    {
        var headers = JsonNode.Parse(participants)!.AsObject();
        var removed = headers.Sum(header => header.Value is JsonArray mailboxes ? mailboxes.RemoveAll(IsPerson) : 0);
        isAlone = !headers.Any(header => header.Key is "to" or "cc" or "bcc" && header.Value is JsonArray { Count: > 0 });
        rest = removed > 0 ? headers.ToJsonString(Json) : null;
        return removed > 0;
    }

    private bool IsPerson(JsonNode? mailbox) =>
        mailbox is JsonObject && mailbox["address"] is JsonValue value && value.TryGetValue(out string? text)
        && EmailAddress.TryParse(text, out var address)
        && (_addresses.Contains(address.Value)
            || _addresses.Contains(address.WithoutTag().Value)
            || (address.GmailMailbox is { } gmail && _gmailMailboxes.Contains(gmail)));

    private static string WithUnicodeDomain(string address)
    {
        var domainAt = address.LastIndexOf('@') + 1;
        try
        {
            return string.Concat(address.AsSpan(0, domainAt), Idn.GetUnicode(address, domainAt));
        }
        catch (ArgumentException)
        {
            // No A-labels that mean anything: mails cannot spell it otherwise.
            return address;
        }
    }
}
