using System.Text;

namespace CrmMail.Contracts;

/// <summary>What may be the address of a contact. Stricter than with mails: a mail that came has to be kept, whatever it names.</summary>
public static class MailAddress
{
    // What SMTP can carry (RFC 5321, section 4.5.3.1.3).
    private const int MaxBytes = 254;

    /// <summary>Whether mail could be sent there, blanks around it aside.</summary>
    public static bool IsValid(string? text)
    {
        var address = EmailAddress.TryParse(text, out var parsed) ? parsed.Value : "";
        var at = address.LastIndexOf('@');
        return at > 0
            && at < address.Length - 1
            && !text!.Trim().Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || character is '<' or '>' or ',' or ';')
            && Encoding.UTF8.GetByteCount(address) <= MaxBytes;
    }
}
