using System.Text;

namespace CrmMail.Contracts;

/// <summary>Text from mails made safe for PostgreSQL, which takes neither NUL (SQLSTATE 22021) nor lone surrogates.</summary>
public static class SafeText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Whether PostgreSQL and UTF-8 can hold the text as it is.</summary>
    public static bool IsSafe(ReadOnlySpan<char> text) => IndexOfUnsafe(text) < 0;

    /// <summary>The text with every NUL and every lone surrogate replaced by U+FFFD; the same instance when there is none.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = IndexOfUnsafe(text);
        return first < 0 ? text : string.Create(text.Length, (text, first), static (target, source) =>
        {
            source.text.CopyTo(target);
            for (int next = source.first, at = next; next >= 0; at += next)
            {
                target[at] = Replacement;
                next = IndexOfUnsafe(target[at..]);
            }
        });
    }

    /// <summary>The first characters of the text, at most <paramref name="maxLength"/> UTF-16 units and never half a surrogate pair.</summary>
    public static string Cut(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
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
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDFFF') is var surrogate && surrogate < 0 ? text.Length : 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[at..], out var rune, out var length) != System.Buffers.OperationStatus.Done || rune.Value == 0)
            {
                return at;
            }

            at += length;
        }

        return text.IndexOf('\0');
    }
}
