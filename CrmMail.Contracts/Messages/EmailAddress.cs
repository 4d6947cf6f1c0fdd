using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>
/// An address in the one form in which addresses are stored and compared: Unicode NFC, lower case, the domain in A-labels (RFC 5890).
/// Never empty. Whatever cannot be normalised, even what is no address at all, is kept lower-cased: a mail is never lost for its address.
/// </summary>
public sealed record EmailAddress
{
    /// <summary>The longest address, in UTF-16 characters; SMTP allows 254 (RFC 5321, 4.5.3.1.3).</summary>
    public const int MaxLength = 1000;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    private EmailAddress(string value) => Value = value;

    /// <summary>The normalised address.</summary>
    public string Value { get; }

    /// <summary>Normalises an address; false when it is empty, blank or longer than <see cref="MaxLength"/>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EmailAddress? address)
    {
        var raw = text.AsSpan().Trim();
        address = raw.IsEmpty || raw.Length > MaxLength ? null : new EmailAddress(Normalize(raw.ToString()));
        return address is not null;
    }

    /// <summary>Normalises an address.</summary>
    /// <exception cref="FormatException">The text is empty, blank or too long.</exception>
    public static EmailAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"An address has 1 to {MaxLength} characters.");

    /// <summary>
    /// The address without its tag (<c>ann+shop@example.com</c> is <c>ann@example.com</c>), or itself when it has none. Only a second
    /// guess after the exact address: "+" is an ordinary character to some servers.
    /// </summary>
    public EmailAddress WithoutTag()
    {
        var at = Value.LastIndexOf('@');
        var plus = Value.IndexOf('+', StringComparison.Ordinal);
        return plus > 0 && plus < at ? new EmailAddress(string.Concat(Value.AsSpan(0, plus), Value.AsSpan(at))) : this;
    }

    /// <summary>
    /// The mailbox at Gmail behind the address, in one spelling: <c>annsmith@gmail.com</c> of <c>Ann.Smith+shop@googlemail.com</c>. Null of
    /// an address elsewhere: other servers tell mailboxes apart by dots. <c>gmail_mailbox</c> of the database says the same.
    /// </summary>
    public string? GmailMailbox
    {
        get
        {
            if (!Value.EndsWith("@gmail.com", StringComparison.Ordinal) && !Value.EndsWith("@googlemail.com", StringComparison.Ordinal))
            {
                return null;
            }

            var local = Value.AsSpan(0, Value.LastIndexOf('@'));
            var plus = local.IndexOf('+');
            var mailbox = (plus < 0 ? local : local[..plus]).ToString().Replace(".", "", StringComparison.Ordinal);
            return mailbox.Length == 0 ? null : mailbox + "@gmail.com";
        }
    }

    /// <summary>
    /// What all addresses have in common that some rule takes for one another: the mailbox at Gmail, elsewhere the address without its tag.
    /// <c>address_mailbox</c> of the database says the same.
    /// </summary>
    public string Mailbox => GmailMailbox ?? WithoutTag().Value;

    /// <summary>The SHA-256 of the address.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Value));

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string Normalize(string raw)
    {
        if (Ascii.IsValid(raw) && !raw.Contains('\0', StringComparison.Ordinal))
        {
            return raw.ToLowerInvariant();
        }

        // Twice NFC: lower case of a composed character is not always composed.
        var text = SafeText.Clean(raw).Normalize().ToLowerInvariant().Normalize();
        var domainAt = text.LastIndexOf('@') + 1;
        return domainAt > 0 && TryToALabels(text[domainAt..], out var domain) ? string.Concat(text.AsSpan(0, domainAt), domain) : text;
    }

    private static bool TryToALabels(string domain, [NotNullWhen(true)] out string? aLabels)
    {
        try
        {
            aLabels = domain.Length == 0 || Ascii.IsValid(domain) ? domain : Idn.GetAscii(domain).ToLowerInvariant();
            return true;
        }
        catch (ArgumentException)
        {
            aLabels = null;
            return false;
        }
    }
}
