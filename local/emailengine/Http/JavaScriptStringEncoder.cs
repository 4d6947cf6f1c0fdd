using System.Text;
using System.Text.Encodings.Web;

namespace EmailEngineSimulator.Http;

/// <summary>
/// Escapes what <c>JSON.stringify</c> escapes: quote, backslash and control characters. The encoders of .NET also escape everything beyond the
/// basic plane, so a receiver would never meet the four-byte UTF-8 of an emoji in a body.
/// </summary>
internal sealed unsafe class JavaScriptStringEncoder : JavaScriptEncoder
{
    private const int LongestEscape = 6;

    public override int MaxOutputCharactersPerInputCharacter => LongestEscape;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or '"' or '\\';

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (var i = 0; i < span.Length; i++)
        {
            if (WillEncode(span[i]) || (char.IsSurrogate(span[i]) && !IsPair(span, ref i)))
            {
                return i;
            }
        }

        return -1;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var escape = unicodeScalar switch
        {
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            '"' => "\\\"",
            '\\' => "\\\\",
            < ' ' => $"\\u{unicodeScalar:x4}",
            _ => new Rune(unicodeScalar).ToString(),
        };
        numberOfCharactersWritten = escape.TryCopyTo(new Span<char>(buffer, bufferLength)) ? escape.Length : 0;
        return numberOfCharactersWritten > 0;
    }

    private static bool IsPair(ReadOnlySpan<char> text, ref int index)
    {
        if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
        {
            return false;
        }

        index++;
        return true;
    }
}
