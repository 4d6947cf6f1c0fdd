using CrmMail.Api.EmailEngine;
using CrmMail.Api.Reconciliation;

namespace CrmMail.UnitTests.Api.Reconciliation;

/// <summary>The way through a folder.</summary>
public sealed class FolderWalkTests
{
    // Of the mails N is new enough, O is older.
    [Theory]
    [InlineData("NNN", "imap_next", null, null, 9L, "goes on at imap_next")]
    [InlineData("NNN", null, null, null, 3L, "is done")]
    [InlineData("", null, null, null, 0L, "is done")]
    [InlineData("OOO", "imap_next", null, null, 9L, "is done")]
    [InlineData("OON", "imap_next", null, null, 9L, "goes on at imap_next")]
    [InlineData("", "token", null, null, null, "goes on at token")]
    [InlineData("NNN", "imap_next", "imap_previous", 9L, 9L, "goes on at imap_next")]
    [InlineData("NNN", "imap_next", "imap_previous", 9L, 11L, "goes on at imap_next")]
    [InlineData("NNN", "imap_next", "imap_previous", 9L, 8L, "goes on at imap_previous")]
    [InlineData("NNN", null, "imap_previous", 9L, 8L, "goes on at imap_previous")]
    [InlineData("OOO", "imap_next", "imap_previous", 9L, 8L, "goes on at imap_previous")]
    [InlineData("NNN", "imap_next", "imap_previous", 9000L, 8000L, "goes on at the beginning")]
    [InlineData("NNN", "token", "before", 9L, 8L, "goes on at token")]
    public void After_a_page(string mails, string? next, string? previous, long? totalBefore, long? total, string expected)
    {
        var page = new EngineMessagePage(total, next, previous, [.. mails.Select(kind => new EngineMessage($"{kind}", null, null, null, false, null, null))]);
        var (isDone, cursor) = FolderWalk.After(page, totalBefore, mail => mail.Id == "N");
        Assert.Equal(expected, isDone ? "is done" : $"goes on at {cursor ?? "the beginning"}");
    }
}
