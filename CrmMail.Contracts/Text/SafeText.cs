using System.Buffers;

namespace CrmMail.Contracts;

/// <summary>Text from mails made safe for PostgreSQL, which takes neither NUL (SQLSTATE 22021) nor lone surrogates.</summary>
public static class SafeText
{
    private const char Replacement = '\uFFFD';

    private static readonly SearchValues<char> Suspects = SearchValues.Create(['\0', .. Enumerable.Range(0xD800, 0x800).Select(surrogate => (char)surrogate)]);

    /// <summary>Whether PostgreSQL and UTF-8 can hold the text as it is.</summary>
    public static bool IsSafe(ReadOnlySpan<char> text) => IndexOfUnsafe(text) < 0;

    /// <summary>Whether the text is safe and has no control characters either, which no log, URL or header takes well.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) =>
        !text.ContainsAnyInRange('\0', '\u001F') && !text.ContainsAnyInRange('\u007F', '\u009F') && IsSafe(text);

    /// <summary>The text with every NUL and every lone surrogate replaced by U+FFFD; the same instance when there is none.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsSafe(text) ? text : string.Create(text.Length, text, static (copy, source) =>
        {
            source.CopyTo(copy);
            Clean(copy);
        });
    }

    /// <summary>Replaces every NUL and every lone surrogate by U+FFFD.</summary>
    public static void Clean(Span<char> text)
    {
        while (IndexOfUnsafe(text) is >= 0 and var at)
        {
            text[at] = Replacement;
            text = text[(at + 1)..];
        }
    }

    /// <summary>The first characters of the text, at most <paramref name="maxLength"/> UTF-16 units and never half a surrogate pair.</summary>
    public static string Cut(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cut = Cut(text.AsSpan(), maxLength);
        return cut.Length == text.Length ? text : cut.ToString();
    }

    /// <inheritdoc cref="Cut(string, int)"/>
    public static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        if (text.Length <= maxLength)
        {
            return text;
        }

        var splitsPair = maxLength > 0 && char.IsSurrogatePair(text[maxLength - 1], text[maxLength]);
        return text[..(splitsPair ? maxLength - 1 : maxLength)];
    }

    private static int IndexOfUnsafe(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (text[at..].IndexOfAny(Suspects) is >= 0 and var distance)
        {
            at += distance;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return at;
            }

            at += 2;
        }

        return -1;
    }
}
