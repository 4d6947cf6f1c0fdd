using System.Text.Json;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class SnippetTests
{
    public static TheoryData<string?, string?, string> Texts => new()
    {
        { "How much?\n\n", null, "How much?" },
        { "  a \t\r\n b\u0001c  ", null, "a b c" },
        { "plain", "<p>html</p>", "plain" },
        { " \r\n", "<p>html</p>", "html" },
        { null, "<html><head><title>T</title><style>p { color: red }</style></head><body><script>x()</script><!-- c --><p>Hello&nbsp;<b>you</b> &amp; me</p>", "Hello you & me" },
        { null, "a &lt;b&gt; c", "a <b> c" },
        { null, "a<br>b", "a b" },
        { null, "a &#0; b &#xD800; c", null! },
        { null, "text <style>never closed", "text" },
        { null, "text <", "text" },
        { null, "<<<<", "" },
        { null, "", "" },
        { null, null, "" },
        { "", "", "" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void An_opening_is_one_line_of_plain_text(string? plain, string? html, string expected)
    {
        var opening = Snippet.Opening(plain, html);

        Assert.True(SafeText.IsSafe(opening));
        if (expected is not null)
        {
            Assert.Equal(expected, opening);
        }
    }

    public static TheoryData<string, string?> Bodies => new()
    {
        { "How much?\r\n\"Soon\"", null },
        { " \r\n", "<p>html</p>" },
        { "", "<p>html</p>" },
        { new string('x', Snippet.MaxOpeningLength - 1) + " cut after a blank", null },
        { "x" + string.Concat(Enumerable.Repeat("😀", 500)), null },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void The_opening_of_a_webhook_is_that_of_its_texts(string plain, string? html)
    {
        var text = JsonSerializer.Serialize(new { plain, html });

        Assert.Equal(Snippet.Opening(plain, html), Webhook.DecodeMail($"\"text\":{text}").Text.Opening);
    }

    [Fact]
    public void A_snippet_does_not_end_in_half_a_character()
    {
        var snippet = Snippet.Of(Snippet.Opening("x" + string.Concat(Enumerable.Repeat("😀", 500)), null));

        Assert.Equal(Snippet.MaxLength - 1, snippet.Length);
        Assert.True(SafeText.IsSafe(snippet));
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<a")]
    [InlineData("<!--")]
    [InlineData("<style>")]
    [InlineData("<p></p>")]
    [InlineData("&#1;")]
    public void A_hundred_thousand_tags_are_no_work(string html)
    {
        var text = string.Concat(Enumerable.Repeat(html, Snippet.HtmlBytes / html.Length));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Snippet.Opening(null, text);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"took {watch.Elapsed}");
    }
}
