using System.Buffers.Text;
using System.Text;
using CrmMail.Api.Pages;

namespace CrmMail.UnitTests.Api;

public sealed class CursorTests
{
    private static readonly Position Somewhere = new("müller", new DateTimeOffset(2026, 11, 21, 21, 0, 14, TimeSpan.Zero).AddTicks(1230), 17);

    [Fact]
    public void A_cursor_brings_back_the_position()
    {
        Assert.True(Cursor.TryDecode<Position>("people", Cursor.Encode("people", Somewhere), out var position));
        Assert.Equal(Somewhere, position);
    }

    [Fact]
    public void A_cursor_of_another_list_is_none() =>
        Assert.False(Cursor.TryDecode<Position>("companies", Cursor.Encode("people", Somewhere), out _));

    [Fact]
    public void No_part_of_a_cursor_is_a_cursor()
    {
        var whole = Cursor.Encode("people", Somewhere);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(Cursor.TryDecode<Position>("people", whole[..length], out _), whole[..length]);
        }
    }

    [Theory]
    [InlineData("people:null")]
    [InlineData("people:[]")]
    [InlineData("people:{\"name\":1}")]
    [InlineData("people:{\"name\":\"\\ud800\",\"at\":\"2026-11-21T21:00:14Z\",\"id\":1}")]
    [InlineData("people:{\"name\":\"a\",\"at\":\"2026-99-21T21:00:14Z\",\"id\":1}")]
    [InlineData("people:{\"name\":\"a\",\"at\":\"2026-11-21T21:00:14Z\",\"id\":99999999999999999999}")]
    [InlineData("people:{\"name\":\"a\",\"more\":1}")]
    [InlineData("people:")]
    [InlineData("people")]
    [InlineData("")]
    public void A_forged_cursor_that_is_no_position_is_none(string text) =>
        Assert.False(Cursor.TryDecode<Position>("people", Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text)), out _));

    [Theory]
    [InlineData("%%%")]
    [InlineData("a b")]
    [InlineData("\u0000")]
    [InlineData("ä")]
    [InlineData("=")]
    public void What_is_no_base64url_is_no_cursor(string text) => Assert.False(Cursor.TryDecode<Position>("people", text, out _));

    [Fact]
    public void A_cursor_that_is_too_long_is_none() => Assert.False(Cursor.TryDecode<Position>("people", new string('A', 100_000), out _));

    private sealed record Position(string? Name, DateTimeOffset At, long Id);
}
