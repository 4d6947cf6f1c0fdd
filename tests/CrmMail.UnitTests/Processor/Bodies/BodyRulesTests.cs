using CrmMail.Contracts;
using CrmMail.Processor.Bodies;

namespace CrmMail.UnitTests.Processor.Bodies;

/// <summary>What of a body is stored: redacted, cut, and never half of its HTML.</summary>
public sealed class BodyRulesTests
{
    private const string Card = "4111 1111 1111 1111";
    private const int MaxLength = 1000;

    private readonly BodyRules _rules = new(new Redactor(new RedactionOptions()), MaxLength);

    [Fact]
    public void Text_and_HTML_are_stored_as_they_come() =>
        Assert.Equal(new MailBody("How\n much?", "<p class=\"a\">How much?</p>", false), Apply("How\n much?", "<p class=\"a\">How much?</p>"));

    [Theory]
    [InlineData(null, null)]
    [InlineData(" \n", "")]
    public void Where_nothing_is_told_nothing_is_stored(string? text, string? html) => Assert.Null(_rules.Apply(new ToldBody(text, html, false)));

    [Fact]
    public void The_text_is_redacted() => Assert.Equal("My card: [redacted].", Apply($"My card: {Card}.").Text);

    [Theory]
    [InlineData($"<p>{Card}</p>", "<p>[redacted]</p>")]
    [InlineData($"<p title=\"{Card}\">a</p>", "<p title=\"[redacted]\">a</p>")]
    [InlineData("<a href='https://user:secret1@host.example/'>a</a>", "<a href='https://user:[redacted]@host.example/'>a</a>")]
    public void HTML_is_redacted_between_its_tags_and_quotes(string html, string stored)
    {
        Assert.Equal(new MailBody("a", stored, false), Apply("a", html));
        Assert.Equal("", Apply(null, html).Text);
    }

    [Theory]
    [InlineData("<p>4111 <b>1111</b> 1111 1111</p>")] // through a tag, with blanks
    [InlineData("<p>4111 \n<b> 1111</b>\t1111&nbsp;1111</p>")] // with more white space than is seen
    [InlineData("<p>4111<wbr>1111<wbr>1111<wbr>1111</p>")] // through a tag, without
    [InlineData("<p>4111&#32;1111 1111 1111</p>")] // through an entity
    [InlineData("<p>&#52;111 1111 1111 1111</p>")] // in an entity
    [InlineData("<p title='&#52;111 1111 1111 1111'>a</p>")] // in an entity of an attribute
    [InlineData("<p>4111<!-- a -->1111 1111 1111</p>")] // through a comment
    public void HTML_of_which_a_number_goes_through_the_markup_is_left_out(string html)
    {
        Assert.Equal(new MailBody("How much?", "", false), Apply("How much?", html));

        var alone = Apply(null, html);
        Assert.Equal("", alone.Html);
        Assert.DoesNotContain("1111 1111", alone.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_cut_at_a_character_and_says_so()
    {
        var body = Apply(new string('x', MaxLength - 1) + "😀 and more");

        Assert.Equal((new string('x', MaxLength - 1), true), (body.Text, body.IsTruncated));
        Assert.Equal((MaxLength, false), (Apply(new string('x', MaxLength)).Text.Length, Apply(new string('x', MaxLength)).IsTruncated));
    }

    [Fact]
    public void A_number_is_seen_to_its_end_before_the_text_is_cut()
    {
        var words = new string('x', MaxLength - 9) + " ";

        Assert.Equal((words + "[redacted]")[..MaxLength], Apply($"{words}{Card} and more").Text);
    }

    [Fact]
    public void HTML_that_is_too_long_or_was_cut_is_left_out_and_its_words_are_the_text()
    {
        var html = $"<style>p {{}}</style><p>How much?</p>{new string(' ', MaxLength)}";

        Assert.Equal(new MailBody("a", "", true), Apply("a", html));
        Assert.Equal(("How much?", "", true), (Apply(null, html).Text.Trim(), Apply(null, html).Html, Apply(null, html).IsTruncated));
        Assert.Equal(new MailBody("a", "", true), _rules.Apply(new ToldBody("a", "<p>a</p>", HasMore: true)));
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<p")]
    [InlineData("<!--")]
    [InlineData("'4111 ")]
    [InlineData("&#52;")]
    public void Hostile_HTML_costs_no_more_than_its_length(string piece)
    {
        var rules = new BodyRules(new Redactor(new RedactionOptions()), 4_000_000);

        Assert.NotNull(rules.Apply(new ToldBody(null, string.Concat(Enumerable.Repeat(piece, 2_000_000 / piece.Length)), false)));
    }

    private MailBody Apply(string? text, string? html = null) => _rules.Apply(new ToldBody(text, html, false))!;
}
