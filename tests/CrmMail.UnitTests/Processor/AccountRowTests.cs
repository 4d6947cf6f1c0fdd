using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Writing;

namespace CrmMail.UnitTests.Processor;

public sealed class AccountRowTests
{
    [Fact]
    public void An_account_that_has_changed_its_login_goes_by_both_even_when_one_batch_tells_them()
    {
        var account = new AccountRow("amy", DateTime.MinValue, stateOffset: -1, lastErrorAt: null, lastEventAt: null);

        Change(account, offset: 1, "amy@example.com");
        Change(account, offset: 2, "amy.adler@example.com");
        Change(account, offset: 3, "amy@example.com");
        Change(account, offset: 4, login: null);

        Assert.Equal(["amy@example.com", "amy.adler@example.com"], account.NewAddresses.Select(address => address.Value));
    }

    private static void Change(AccountRow account, long offset, string? login)
    {
        var change = new AccountChange(AccountState.Connected, null, login is null ? null : EmailAddress.Parse(login));
        var (id, eventId) = (AccountId.Parse(account.Id), EventId.Of($"event-{offset}", []));
        var correlationId = CorrelationId.Of(MailSource.EmailEngine, id, eventId);
        var headers = new MailEventHeaders(MailSource.EmailEngine, "authenticationSuccess", eventId, DateTimeOffset.UnixEpoch, correlationId);
        var record = new ConsumeResult<byte[], byte[]> { TopicPartitionOffset = new("mail.events", 0, offset) };
        var mailEvent = new MailEvent(id, "authenticationSuccess", DateTime.UnixEpoch, change);
        account.Change(new BatchItem(new EventRecord(record, headers), mailEvent), change);
    }
}
