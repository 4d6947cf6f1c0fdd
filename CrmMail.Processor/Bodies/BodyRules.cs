using System.Net;
using System.Text;
using CrmMail.Contracts;

namespace CrmMail.Processor.Bodies;

/// <summary>
/// What of a body is stored. The text is redacted and cut. HTML is redacted within its tags and texts, so that it stays whole; where that does
/// not reach, because a number goes through a tag, or where it is longer than the limit, it is left out, and what it says is the text if there is no other.
/// </summary>
/// <param name="redactor">Removes what is never stored.</param>
/// <param name="maxLength">The longest text and the longest HTML, in UTF-16 characters.</param>
internal sealed class BodyRules(Redactor redactor, int maxLength)
{
    /// <summary>What begins within the limit and is to be removed is seen to its end, or far enough.</summary>
    private const int Beyond = 1024;

    private const string Delimiters = "<>\"'";

    /// <summary>How much of a text or HTML has to be read.</summary>
    public int ReadLength => maxLength + Beyond;

    /// <summary>The body to be stored; null where the event tells none.</summary>
    public MailBody? Apply(ToldBody told)
    {
        if (string.IsNullOrWhiteSpace(told.Text) && string.IsNullOrWhiteSpace(told.Html))
        {
            return null;
        }

        var whole = told.Html ?? "";
        var html = told.HasMore || whole.Length > maxLength ? "" : Redact(whole);
        var text = !string.IsNullOrWhiteSpace(told.Text) ? told.Text
            : html.Length > 0 ? ""
            : Read(whole, ReadLength, " ");
        var seen = SafeText.Cut(text, ReadLength);
        var redacted = redactor.Redact(SafeText.Clean(seen));
        return new MailBody(
            SafeText.Cut(redacted, maxLength),
            html,
            IsTruncated: told.HasMore || whole.Length > maxLength || seen.Length < text.Length || redacted.Length > maxLength);
    }

    /// <summary>The HTML without what must not be stored; empty where that cannot be had.</summary>
    private string Redact(string html)
    {
        if (IsClean(html))
        {
            return html;
        }

        var redacted = RedactPieces(html);
        return redacted.Length <= maxLength && IsClean(redacted) ? redacted : "";
    }

    /// <summary>Whether nothing is found in it: not as it is written, and not as it is read, whether or not tags part its words.</summary>
    private bool IsClean(string html) =>
        IsUntouched(html)
        && IsUntouched(WebUtility.HtmlDecode(html))
        && IsUntouched(Read(html, html.Length, ""))
        && IsUntouched(Read(html, html.Length, " "));

    private bool IsUntouched(string text) => ReferenceEquals(redactor.Redact(text), text);

    /// <summary>What is read of HTML: any white space looks like one blank.</summary>
    private static string Read(string html, int maxLength, string separator)
    {
        var text = WebUtility.HtmlDecode(Markup.Remove(html, maxLength, separator));
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character))
            {
                result.Append(character);
            }
            else if (result.Length > 0 && result[^1] != ' ')
            {
                result.Append(' ');
            }
        }

        return result.ToString();
    }

    /// <summary>Redacts what lies between the characters that make tags and attributes; so those stay.</summary>
    private string RedactPieces(string html)
    {
        var result = new StringBuilder(html.Length);
        var rest = html.AsSpan();
        while (!rest.IsEmpty)
        {
            var length = rest.IndexOfAny(Delimiters);
            var piece = length < 0 ? rest : rest[..length];
            result.Append(redactor.Redact(piece.ToString()));
            if (length >= 0)
            {
                result.Append(rest[length]);
            }

            rest = length < 0 ? [] : rest[(length + 1)..];
        }

        return result.ToString();
    }
}
