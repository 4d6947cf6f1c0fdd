using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CrmMail.Contracts;

namespace CrmMail.Processor.Decoding;

/// <summary>
/// Text out of JSON that may be wrong in the ways in which mail is: bytes that are no UTF-8 and lone surrogates (on which
/// <see cref="Utf8JsonReader.GetString"/> throws) and NUL (which PostgreSQL refuses) become U+FFFD.
/// </summary>
internal static class JsonText
{
    private const int LongestEscape = 6; // backslash, u, four hex digits

    /// <summary>The text of a string or a number; null for every other value, which is skipped.</summary>
    public static string? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Decode(reader.ValueSpan, reader.ValueIsEscaped);
            case JsonTokenType.Number:
                return Encoding.ASCII.GetString(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>As <see cref="Read"/>, but of a long string only as much as its first <paramref name="maxBytes"/> bytes tell.</summary>
    public static string? ReadStart(ref Utf8JsonReader reader, int maxBytes) => ReadStart(ref reader, maxBytes, static text => text.ToString());

    /// <summary>What is made of the start of a text, without a string of the text itself.</summary>
    /// <inheritdoc cref="ReadStart(ref Utf8JsonReader, int)"/>
    public static string? ReadStart(ref Utf8JsonReader reader, int maxBytes, Func<ReadOnlySpan<char>, string> make)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Read(ref reader) is { } text ? make(text) : null;
        }

        var utf8 = reader.ValueSpan;
        return Decode(utf8.Length <= maxBytes ? utf8 : utf8[..WholeCharacters(utf8, maxBytes)], reader.ValueIsEscaped, make);
    }

    /// <summary>
    /// What is found in the start of a string, without a string of it; nothing in any other value. The reader stays where it is.
    /// </summary>
    public static TResult? LookAt<TState, TResult>(ref Utf8JsonReader reader, int maxBytes, TState state, Func<TState, ReadOnlySpan<char>, TResult> look)
        where TResult : struct
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        var utf8 = reader.ValueSpan;
        return Decode(utf8.Length <= maxBytes ? utf8 : utf8[..WholeCharacters(utf8, maxBytes)], reader.ValueIsEscaped, state, look);
    }

    /// <summary>The length of the start that ends neither inside a UTF-8 sequence nor inside an escape.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> text, int maxBytes)
    {
        var end = maxBytes;
        while (end > 0 && (text[end] & 0b1100_0000) == 0b1000_0000)
        {
            end--;
        }

        var backslash = text[Math.Max(0, end - LongestEscape)..end].IndexOf((byte)'\\');
        return backslash < 0 ? end : Math.Max(0, end - LongestEscape) + backslash;
    }

    // Without escapes there is neither a NUL, which the reader refuses, nor a surrogate, which UTF-8 does not have.
    private static string Decode(ReadOnlySpan<byte> utf8, bool isEscaped) =>
        isEscaped ? Decode(utf8, isEscaped, static text => text.ToString()) : Encoding.UTF8.GetString(utf8);

    private static string Decode(ReadOnlySpan<byte> utf8, bool isEscaped, Func<ReadOnlySpan<char>, string> make) =>
        Decode(utf8, isEscaped, make, static (make, text) => make(text));

    private static TResult Decode<TState, TResult>(ReadOnlySpan<byte> utf8, bool isEscaped, TState state, Func<TState, ReadOnlySpan<char>, TResult> look)
    {
        // An escape is longer than what it stands for, so the characters fit where the bytes were counted.
        var rented = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(utf8.Length));
        try
        {
            var text = rented.AsSpan(0, Encoding.UTF8.GetChars(utf8, rented));
            if (isEscaped)
            {
                text = text[..Unescape(text)];
                SafeText.Clean(text);
            }

            return look(state, text);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    /// <summary>Resolves the escapes of a string in place; the reader has checked that they are well formed.</summary>
    private static int Unescape(Span<char> text)
    {
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 >= text.Length)
            {
                text[length++] = text[at];
                continue;
            }

            var escape = text[++at];
            if (escape == 'u' && at + 4 < text.Length
                && ushort.TryParse(text.Slice(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                text[length++] = (char)unit;
                at += 4;
            }
            else
            {
                text[length++] = escape switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => escape };
            }
        }

        return length;
    }
}
