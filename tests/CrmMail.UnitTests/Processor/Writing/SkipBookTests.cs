using CrmMail.Contracts;
using CrmMail.Processor.Writing;

namespace CrmMail.UnitTests.Processor.Writing;

public sealed class SkipBookTests
{
    private static readonly string Json = Webhook.Of("mailboxNew", "");

    [Fact]
    public void An_event_that_is_twice_in_a_batch_is_one_row_at_its_first_place()
    {
        var book = new SkipBook();
        var (first, second) = (Webhook.Item(Json, "same"), Webhook.Item(Json, "same"));

        Assert.False(book.Record(first, SkipReason.NoContact));
        Assert.True(book.Record(second, SkipReason.NoContact));

        Assert.Equal((first, SkipReason.NoContact), Assert.Single(book.Changed));
    }

    [Theory]
    [InlineData("no-contact", SkipReason.NoContact, 0)]
    [InlineData("no-contact", SkipReason.Junk, 1)]
    public void A_reason_is_written_only_when_it_changed(string stored, SkipReason reason, int rows)
    {
        var book = new SkipBook();
        book.AddStored(Webhook.Account, "emailengine", "known", stored);

        Assert.True(book.Record(Webhook.Item(Json, "known"), reason));

        Assert.Equal(rows, book.Changed.Count());
        Assert.Empty(book.Gone);
    }

    [Fact]
    public void An_event_that_has_an_activity_now_loses_its_row()
    {
        var book = new SkipBook();
        book.AddStored(Webhook.Account, "emailengine", "known", "no-contact");
        var item = Webhook.Item(Json, "known");

        Assert.True(book.Remove(item));
        Assert.False(book.Remove(item));
        Assert.False(book.Remove(Webhook.Item(Json, "unknown")));

        Assert.Equal([item], book.Gone);
    }

    [Fact]
    public void What_was_recorded_and_removed_in_one_batch_leaves_no_row()
    {
        var book = new SkipBook();
        book.Record(Webhook.Item(Json, "same"), SkipReason.NoContact);

        Assert.True(book.Remove(Webhook.Item(Json, "same")));

        Assert.Empty(book.Changed);
        Assert.Empty(book.Gone);
    }
}
