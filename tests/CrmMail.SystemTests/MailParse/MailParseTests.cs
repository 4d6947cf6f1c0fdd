using System.Net;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.SystemTests.Ingest;
using CrmMail.SystemTests.Schema;

namespace CrmMail.SystemTests.MailParse;

public sealed class MailParseTests(RunningApplication system)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_topic_holds_the_bytes_of_a_webhook_with_the_key_and_the_headers_of_its_inbox()
    {
        using var mailParse = new MailParseClient(system);
        var inbox = NewInbox();
        var body = Encoding.UTF8.GetBytes($$""" { "message_id":"<{{inbox}}@example.org>", "subject":"\u0041\/" } """);

        Assert.Equal((HttpStatusCode.Accepted, ""), await mailParse.SendAsync(inbox, body));

        var record = Assert.Single(await ReadAsync(inbox));
        Assert.Equal(body, record.Message.Value);
        var headers = HeadersOf(record);
        Assert.Equal((MailSource.MailParse, "mail"), (headers.Source, headers.Event));
        Assert.StartsWith("json-sha256:", headers.EventId.Value, StringComparison.Ordinal);
        Assert.Equal(CorrelationId.Of(MailSource.MailParse, AccountId.Parse($"mailparse:{inbox}"), headers.EventId), headers.CorrelationId);
    }

    [Fact]
    public async Task A_signature_of_another_time_or_another_inbox_name_leaves_nothing()
    {
        using var mailParse = new MailParseClient(system);
        var inbox = NewInbox();

        var (late, _) = await mailParse.SendAsync(inbox, "{}"u8.ToArray(), DateTimeOffset.UtcNow.AddMinutes(-6));
        var (early, _) = await mailParse.SendAsync(inbox, "{}"u8.ToArray(), DateTimeOffset.UtcNow.AddMinutes(6));
        var (odd, _) = await mailParse.SendAsync(inbox.ToUpperInvariant(), "{}"u8.ToArray());

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (late, early, odd));
        Assert.Empty(await ReadAsync(inbox));
    }

    /// <summary>The double tells of a mail by webhook, and Ingest finds it in the listing as well.</summary>
    [Fact]
    public async Task A_mail_that_came_both_ways_is_one_event()
    {
        using var mailParse = new MailParseClient(system);
        // Without <>, which JSON may write as escapes.
        var messageId = $"{Guid.NewGuid():N}@example.org";

        await mailParse.DeliverAsync("team", messageId);

        var records = await ReadUntilAsync("team", 2, record => Encoding.UTF8.GetString(record.Message.Value).Contains(messageId, StringComparison.Ordinal));
        Assert.NotEqual(records[0].Message.Value, records[1].Message.Value);
        Assert.Single(records.Select(record => HeadersOf(record).EventId).Distinct());
    }

    /// <summary>Also when the first is killed, and a second takes up the reading where it was.</summary>
    [Fact]
    public async Task Of_two_replicas_one_reads_an_inbox_and_every_mail_once()
    {
        using var mailParse = new MailParseClient(system);
        await using var database = await ScratchDatabase.CreateAsync(system, Cancellation);
        await database.MigrateAsync(Cancellation);
        var inbox = NewInbox();
        await mailParse.SwitchAsync(new { webhooks = false });
        try
        {
            await using var one = await PollingIngest.StartAsync(system, mailParse, database.ConnectionString, inbox);
            await using var other = await PollingIngest.StartAsync(system, mailParse, database.ConnectionString, inbox);
            await DeliverAsync(mailParse, inbox, 10);
            await ReadUntilAsync(inbox, 10, static _ => true);

            await one.CrashAsync();
            await DeliverAsync(mailParse, inbox, 5);
            var records = await ReadUntilAsync(inbox, 15, static _ => true);

            // What was read before the crash and not remembered is read again, with the same id; nothing is missing.
            Assert.Equal(15, records.Select(record => HeadersOf(record).EventId).Distinct().Count());
            Assert.InRange(records.Count, 15, 18);
        }
        finally
        {
            await mailParse.SwitchAsync(new { webhooks = true });
        }
    }

    [Fact]
    public async Task All_replicas_stay_away_for_as_long_as_MailParse_asks()
    {
        using var mailParse = new MailParseClient(system);
        await using var database = await ScratchDatabase.CreateAsync(system, Cancellation);
        await database.MigrateAsync(Cancellation);
        var inbox = NewInbox();
        await mailParse.SwitchAsync(new { retryAfter = 20 });
        try
        {
            await using var ingest = await PollingIngest.StartAsync(system, mailParse, database.ConnectionString, inbox);

            await UntilAsync(async () => await database.QueryAsync<long>($"select count(*) from mailparse_cursors where inbox = '{inbox}' and failures = 1", Cancellation) == 1);

            Assert.InRange(
                await database.QueryAsync<double>("select extract(epoch from poll_at - clock_timestamp())::double precision from mailparse_cursors", Cancellation), 10, 20);
        }
        finally
        {
            await mailParse.SwitchAsync(new { retryAfter = 0 });
        }
    }

    private static string NewInbox() => $"test-{Guid.NewGuid():N}";

    private static MailEventHeaders HeadersOf(ConsumeResult<byte[], byte[]> record)
    {
        Assert.True(MailEventHeaders.TryRead(record.Message.Headers, out var headers, out var wrongHeader), wrongHeader);
        return headers;
    }

    private static async Task DeliverAsync(MailParseClient mailParse, string inbox, int mails)
    {
        for (var i = 0; i < mails; i++)
        {
            await mailParse.DeliverAsync(inbox, $"<{Guid.NewGuid():N}@example.org>");
        }
    }

    private async Task<List<ConsumeResult<byte[], byte[]>>> ReadAsync(string inbox) =>
        await (await EventLog.OfAsync(system)).ReadAsync($"mailparse:{inbox}");

    /// <summary>Reads until so many records are there that are looked for.</summary>
    private async Task<List<ConsumeResult<byte[], byte[]>>> ReadUntilAsync(string inbox, int count, Func<ConsumeResult<byte[], byte[]>, bool> isWanted)
    {
        List<ConsumeResult<byte[], byte[]>> found = [];
        await UntilAsync(async () => (found = [.. (await ReadAsync(inbox)).Where(isWanted)]).Count >= count);
        return found;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(Deadline);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }
}
