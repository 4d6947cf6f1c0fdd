using System.Net;

namespace CrmMail.Contracts;

/// <summary>The first words of a mail, as a timeline shows them: one line of plain text.</summary>
public static class Snippet
{
    /// <summary>The longest snippet, in UTF-16 characters.</summary>
    public const int MaxLength = 240;

    /// <summary>The longest opening: what begins in a snippet and is to be removed from it is seen to its end, or far enough.</summary>
    public const int MaxOpeningLength = 2 * MaxLength;

    private const int MaxMarkedUpLength = 2 * MaxOpeningLength;

    /// <summary>How much of the plain text is looked at, in bytes.</summary>
    public const int PlainBytes = 4 * 1024;

    /// <summary>How much of the HTML is looked at, in bytes: style sheets come first and may be long.</summary>
    public const int HtmlBytes = 128 * 1024;

    /// <summary>The snippet of an opening from which nothing has to be removed any more.</summary>
    public static string Of(string opening) => SafeText.Cut(opening, MaxLength);

    /// <summary>The first words, more than a snippet has, of the plain text, or of the HTML where that says nothing.</summary>
    public static string Opening(string? plain, string? html)
    {
        var fromPlain = Opening(plain);
        return fromPlain.Length > 0 || html is null ? fromPlain : Opening(WebUtility.HtmlDecode(Markup.Remove(html, MaxMarkedUpLength, " ")));
    }

    /// <summary>The first words of plain text, more than a snippet has; empty where it says nothing.</summary>
    public static string Opening(ReadOnlySpan<char> text)
    {
        Span<char> line = stackalloc char[MaxOpeningLength + 2];
        var length = 0;
        var isParted = false;
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character) || char.IsControl(character))
            {
                isParted = length > 0;
                continue;
            }

            if (length > MaxOpeningLength)
            {
                break;
            }

            if (isParted)
            {
                line[length++] = ' ';
                isParted = false;
            }

            line[length++] = character;
        }

        // Entities may hide what PostgreSQL refuses (&#0;).
        return SafeText.Clean(SafeText.Cut(line[..length], MaxOpeningLength).ToString());
    }
}
