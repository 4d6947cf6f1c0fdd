using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using CrmMail.Api.Problems;
using CrmMail.Contracts;

namespace CrmMail.Api.Accounts;

/// <summary>A mailbox to be connected.</summary>
/// <param name="Name">Whose it is: the name that mails sent from it bear.</param>
/// <param name="Email">Its address; the form may change it.</param>
/// <param name="RedirectUrl">Where the browser goes after the form, with `account` and `state` as parameters. Only to origins that the operator allows.</param>
/// <param name="SentSubconnection">Watch the Sent folder by a connection of its own: else sent mail is noticed minutes later. Providers limit connections.</param>
internal sealed record ConnectRequest(
    string? Name,
    [property: Required] string? Email,
    [property: Required] string? RedirectUrl,
    bool SentSubconnection = true);

/// <summary>Where somebody connects the mailbox.</summary>
/// <param name="Url">EmailEngine's form. It holds for a day, for whoever has it: show it to that person only.</param>
internal sealed record ConnectLink(string Url);

/// <summary>A connection that may be made.</summary>
internal sealed record ConnectDraft(string Name, string Email, string RedirectUrl, bool SentSubconnection)
{
    private const int MaxNameLength = 256;

    /// <summary>The address as it is compared with those of mails.</summary>
    public string Address => EmailAddress.Parse(Email).Value;

    /// <summary>Reads a request; false, and what is wrong with which field.</summary>
    public static bool TryRead(ConnectRequest request, RedirectOrigins origins, FieldFaults faults, [NotNullWhen(true)] out ConnectDraft? draft)
    {
        var name = request.Name?.Trim() ?? "";
        faults.AddIf(name.Length > MaxNameLength || name.Any(char.IsControl) || !SafeText.IsSafe(name), "name", $"A name has at most {MaxNameLength} characters, and no control characters.");
        faults.AddIf(!MailAddress.IsValid(request.Email), "email", "This is no mail address.");
        var isAllowed = origins.TryRead(request.RedirectUrl, out var redirectUrl);
        faults.AddIf(
            !isAllowed,
            "redirectUrl",
            origins.Any ? "Browsers may not be sent there: its origin is not among those that the operator allows." : "The operator allows no origin: Connect:AllowedRedirectOrigins is empty.");
        draft = faults.Any ? null : new ConnectDraft(name, request.Email!.Trim(), redirectUrl!, request.SentSubconnection);
        return draft is not null;
    }
}
