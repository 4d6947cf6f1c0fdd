using CrmMail.Api.Replays;

namespace CrmMail.UnitTests.Api;

/// <summary>Time spans as people write them.</summary>
public sealed class SinceTests
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("15m", "00:15:00")]
    [InlineData("1h", "01:00:00")]
    [InlineData("2d", "2.00:00:00")]
    [InlineData("4w", "28.00:00:00")]
    public void A_number_and_a_unit_are_a_time_span(string text, string expected)
    {
        Assert.True(Since.TryParse(text, out var span));
        Assert.Equal(TimeSpan.Parse(expected, null), span);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1")]
    [InlineData("0h")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData("1 h")]
    [InlineData("1H")]
    [InlineData("1y")]
    [InlineData("99999999w")]
    [InlineData("99999999999999h")]
    public void Anything_else_is_none(string? text) => Assert.False(Since.TryParse(text, out _));
}
