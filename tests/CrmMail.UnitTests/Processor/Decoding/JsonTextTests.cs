using System.Text;
using System.Text.Json;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("""  "plain"  """, "plain")]
    [InlineData("\"\"", "")]
    [InlineData("""  "\n\r\t\b\f\"\\\/\u0041"  """, "\n\r\t\b\f\"\\/A")]
    [InlineData("""  "a\u0000b"  """, "a\uFFFDb")]
    [InlineData("""  "\ud83d\ude00"  """, "😀")]
    [InlineData("""  "\ud83d"  """, "\uFFFD")]
    [InlineData("""  "\ude00\ud83d"  """, "\uFFFD\uFFFD")]
    [InlineData("""  "\ud83dx\ude00"  """, "\uFFFDx\uFFFD")]
    [InlineData("""  "ü\u00fc"  """, "üü")]
    [InlineData("42", "42")]
    [InlineData("-1.5e300", "-1.5e300")]
    [InlineData("null", null)]
    [InlineData("true", null)]
    [InlineData("""  {"a":["b"]}  """, null)]
    [InlineData("[[],{}]", null)]
    public void Text_is_what_a_string_or_a_number_says_made_safe(string json, string? expected) => Assert.Equal(expected, Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData(new byte[] { 0x22, 0xC1, 0xBE, 0x22 }, "\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0x22, 0x61, 0xFF, 0x62, 0x22 }, "a\uFFFDb")]
    [InlineData(new byte[] { 0x22, 0xF0, 0x9F, 0x98, 0x22 }, "\uFFFD")]
    [InlineData(new byte[] { 0x22, 0xED, 0xA0, 0x80, 0x22 }, "\uFFFD\uFFFD\uFFFD")] // a surrogate in UTF-8
    [InlineData(new byte[] { 0x22, 0xFF, 0x5C, 0x6E, 0x22 }, "\uFFFD\n")]
    public void Bytes_that_are_no_UTF8_are_replaced(byte[] json, string expected) => Assert.Equal(expected, Read(json));

    [Theory]
    [InlineData("abcdef", 10, "abcdef")]
    [InlineData("abcdefghijkl", 10, "abcdefghij")]
    [InlineData("abcdefghiü", 10, "abcdefghi")] // not half of a character
    [InlineData("abcdefgh\\u00fcij", 10, "abcdefgh")] // not half of an escape
    [InlineData("abcdefghi\\nj", 10, "abcdefghi")]
    public void The_start_of_a_text_ends_between_two_characters(string inner, int maxBytes, string expected)
    {
        var reader = Start($"\"{inner}\"");
        Assert.Equal(expected, JsonText.ReadStart(ref reader, maxBytes));
    }

    [Fact]
    public void No_start_of_any_length_is_unsafe()
    {
        const string Inner = """😀\ud83d\ude00\\\\\\\n\u0000ü\" """;
        for (var length = 0; length <= Encoding.UTF8.GetByteCount(Inner); length++)
        {
            var reader = Start($"\"{Inner}\"");
            Assert.True(CrmMail.Contracts.SafeText.IsSafe(JsonText.ReadStart(ref reader, length)), $"at {length}");
        }
    }

    private static string? Read(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var text = JsonText.Read(ref reader);
        Assert.False(reader.Read(), "the reader is not on the last token of the value");
        return text;
    }

    private static Utf8JsonReader Start(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return reader;
    }
}
