using System.Diagnostics.CodeAnalysis;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.Blocklist;

/// <summary>An entry that is well-formed.</summary>
/// <param name="Value">As addresses are compared.</param>
/// <param name="Account">The account; null for all.</param>
/// <param name="Note">In NFC; may be empty.</param>
internal sealed record BlocklistDraft(string Value, AccountId? Account, string Note)
{
    private const int MaxNoteLength = 500;

    /// <summary>Reads a request; false, and what is wrong with which field.</summary>
    public static bool TryRead(BlocklistRequest request, FieldFaults faults, [NotNullWhen(true)] out BlocklistDraft? draft)
    {
        var value = ReadValue(request.Value?.Trim() ?? "", faults);
        var note = GivenName.ReadText("note", request.Note ?? "", MaxNoteLength, faults);
        AccountId? account = null;
        faults.AddIf(request.AccountId is not null && !AccountId.TryParse(request.AccountId, out account), "accountId", "This is no account id.");
        draft = faults.Any ? null : new BlocklistDraft(value, account, note);
        return draft is not null;
    }

    private static string ReadValue(string text, FieldFaults faults)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            faults.AddIf(!MailAddress.IsValid(text), "value", "This is no address.");
            return EmailAddress.TryParse(text, out var address) ? address.Value : "";
        }

        var domain = MailDomain.TryParse(text, out var parsed) ? parsed : "";
        faults.AddIf(domain.Length == 0, "value", "It is an address or a domain.");
        return domain;
    }
}
