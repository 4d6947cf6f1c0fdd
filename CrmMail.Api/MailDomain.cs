using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using CrmMail.Contracts;

namespace CrmMail.Api;

/// <summary>What callers may give as the domain of addresses.</summary>
internal static partial class MailDomain
{
    /// <summary>Reads a domain, blanks around it aside: lower case and in A-labels, as it stands in addresses that are compared.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? domain)
    {
        domain = EmailAddress.TryParse($"@{text?.Trim()}", out var address) && Names().IsMatch(address.Value.AsSpan(1)) ? address.Value[1..] : null;
        return domain is not null;
    }

    [GeneratedRegex(@"^(?=.{1,253}\z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
