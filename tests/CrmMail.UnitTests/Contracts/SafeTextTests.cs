using CrmMail.Contracts;

namespace CrmMail.UnitTests.Contracts;

public class SafeTextTests
{
    // Not InlineData: an attribute is stored in UTF-8, which has no lone surrogates either.
    public static TheoryData<string, string> Texts => new()
    {
        { "", "" },
        { "plain\r\n\ttext é 用 🙂", "plain\r\n\ttext é 用 🙂" },
        { "\0", "\uFFFD" },
        { "a\0b\0", "a\uFFFDb\uFFFD" },
        { "\ud83d", "\uFFFD" },
        { "\ude42x", "\uFFFDx" },
        { "\ud83d\ud83d\ude42", "\uFFFD🙂" },
        { "\ude42\ud83d", "\uFFFD\uFFFD" },
        { "\0a\ud83d", "\uFFFDa\uFFFD" },
        { "🙂\0🙂\ud83d", "🙂\uFFFD🙂\uFFFD" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_PostgreSQL_cannot_hold_is_replaced(string text, string clean)
    {
        Assert.Equal(clean, SafeText.Clean(text));
        Assert.Equal(text == clean, SafeText.IsSafe(text));
        Assert.True(SafeText.IsSafe(clean));
    }

    [Fact]
    public void Text_that_is_safe_is_not_copied()
    {
        var text = new string('x', 100);
        Assert.Same(text, SafeText.Clean(text));
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abc", 2, "ab")]
    [InlineData("abc", 0, "")]
    [InlineData("a🙂b", 4, "a🙂b")]
    [InlineData("a🙂b", 3, "a🙂")]
    [InlineData("a🙂b", 2, "a")]
    [InlineData("🙂", 1, "")]
    public void A_cut_never_halves_a_character(string text, int length, string cut) => Assert.Equal(cut, SafeText.Cut(text, length));
}
