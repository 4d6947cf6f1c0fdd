using CrmMail.Processor.Deduplication;
using StackExchange.Redis;

namespace CrmMail.UnitTests.Processor.Deduplication;

public sealed class ClaimValueTests
{
    [Theory]
    [InlineData(null, nameof(ClaimAnswer.New))]
    [InlineData("d", nameof(ClaimAnswer.Done))]
    [InlineData("p:mail.events/3/17", nameof(ClaimAnswer.PendingHere))]
    [InlineData("p:mail.events/3/16", nameof(ClaimAnswer.PendingElsewhere))]
    [InlineData("p:mail.events/4/17", nameof(ClaimAnswer.PendingElsewhere))]
    [InlineData("anything else", nameof(ClaimAnswer.PendingElsewhere))]
    public void Only_the_mark_of_a_written_event_says_that_it_is_done(string? before, string expected) =>
        Assert.Equal(expected, ClaimValue.Read((RedisValue)before, ClaimValue.Pending("mail.events", 3, 17)).ToString());
}
