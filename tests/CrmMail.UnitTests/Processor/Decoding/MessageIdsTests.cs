using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class MessageIdsTests
{
    [Theory]
    [InlineData("<a@x>", "a@x")]
    [InlineData("<a@x> <b@x>\r\n <c@x>", "a@x")]
    [InlineData("<a@x>,<b@x>", "a@x")]
    [InlineData("Your message of Monday <a@x>", "a@x")]
    [InlineData("< a@x >", "a@x")]
    [InlineData("<> < > <b@x>", "b@x")]
    [InlineData("<#D26928#O108924#S 20094.9b@h>", "#D26928#O108924#S 20094.9b@h")]
    [InlineData("a@x", "a@x")]
    [InlineData("Your message of Monday", null)]
    [InlineData("ann@x and bob@x", null)]
    [InlineData("<a@x", null)]
    [InlineData("<>", null)]
    [InlineData(" ", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_first_id_counts_and_prose_is_none(string? text, string? expected) => Assert.Equal(expected, MessageIds.FirstIn(text));

    [Fact]
    public void Ten_thousand_references_cost_one_look() =>
        Assert.Equal("0@x", MessageIds.FirstIn(string.Concat(Enumerable.Range(0, 10_000).Select(n => $"<{n}@x> "))));
}
