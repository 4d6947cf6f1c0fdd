using System.Text;

namespace CrmMail.Contracts;

/// <summary>HTML as it comes in mails, which is rarely correct.</summary>
public static class Markup
{
    /// <summary>The text without tags, comments, style sheets and scripts. Entities stay as they are.</summary>
    /// <param name="html">The HTML.</param>
    /// <param name="maxLength">How much text is wanted; a little more may come.</param>
    /// <param name="separator">What stands for a tag.</param>
    public static string Remove(string html, int maxLength, string separator)
    {
        ArgumentNullException.ThrowIfNull(html);
        var text = new StringBuilder(Math.Min(html.Length, maxLength));
        for (var at = 0; at < html.Length && text.Length < maxLength;)
        {
            if (html[at] == '<')
            {
                at = EndOfMarkup(html, at);
                text.Append(separator);
                continue;
            }

            var tag = html.AsSpan(at).IndexOf('<');
            var length = Math.Min(tag < 0 ? html.Length - at : tag, maxLength - text.Length);
            text.Append(html, at, length);
            at += length;
        }

        return text.ToString();
    }

    /// <summary>Behind a tag; of a comment, a style sheet or a script behind all of it. To the end where it is never closed.</summary>
    private static int EndOfMarkup(string html, int start)
    {
        var end = Element(html, start) switch
        {
            "!--" => "-->",
            "style" => "</style",
            "script" => "</script",
            "title" => "</title",
            _ => ">",
        };
        var found = html.IndexOf(end, start, StringComparison.OrdinalIgnoreCase);
        var close = found < 0 ? -1 : html.IndexOf('>', found);
        return close < 0 ? html.Length : close + 1;
    }

    private static string Element(string html, int start)
    {
        if (html.AsSpan(start + 1).StartsWith("!--", StringComparison.Ordinal))
        {
            return "!--";
        }

        var end = start + 1;
        while (end < html.Length && end - start < 8 && char.IsAsciiLetter(html[end]))
        {
            end++;
        }

        return html[(start + 1)..end].ToLowerInvariant();
    }
}
