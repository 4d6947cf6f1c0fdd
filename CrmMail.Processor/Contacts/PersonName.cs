using CrmMail.Contracts;

namespace CrmMail.Processor.Contacts;

/// <summary>The name that stands with an address, as it may be the name of a contact.</summary>
internal static class PersonName
{
    private const int MaxLength = 500;

    /// <summary>The name: in NFC, redacted, without control characters and blanks around it; empty where nothing but the address stands there.</summary>
    public static string Of(string text, EmailAddress address, Redactor redactor)
    {
        if (text.Length == 0)
        {
            return "";
        }

        var name = redactor.Redact(SafeText.Cut(Plain(SafeText.Clean(text)).Normalize().Trim().Trim('\'', '"').Trim(), MaxLength));
        return EmailAddress.TryParse(name, out var parsed) && parsed == address ? "" : name;
    }

    private static string Plain(string text) => SafeText.IsPlain(text)
        ? text
        : string.Create(text.Length, text, static (plain, source) =>
        {
            for (var at = 0; at < source.Length; at++)
            {
                plain[at] = char.IsControl(source[at]) ? ' ' : source[at];
            }
        });
}
