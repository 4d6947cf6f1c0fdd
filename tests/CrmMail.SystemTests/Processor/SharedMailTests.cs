using Confluent.Kafka;

namespace CrmMail.SystemTests.Processor;

/// <summary>One mail in two accounts, on the timeline of the mailing list through which it went: Amy sent it, Ben got it.</summary>
public sealed class SharedMailTests(RunningApplication system)
{
    private const string List = "list@lists.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sent", "copy", "got")]
    [InlineData("sent", "got", "copy")]
    [InlineData("copy", "sent", "got")]
    [InlineData("copy", "got", "sent")]
    [InlineData("got", "sent", "copy")]
    [InlineData("got", "copy", "sent")]
    public async Task A_mail_has_one_place_and_direction_whichever_account_and_event_comes_first(params string[] order)
    {
        await using var pipeline = await OpenAsync();

        foreach (var told in order)
        {
            await pipeline.ProcessAsync(Record(pipeline, told));
        }

        Assert.Equal("amy sent 10:03, ben incoming 10:04; sent 10:03", await TimelineAsync(pipeline));
    }

    [Theory]
    [InlineData("sent", "got")]
    [InlineData("got", "sent")]
    public async Task A_mail_of_two_accounts_in_one_batch_is_one_entry(params string[] order)
    {
        await using var pipeline = await OpenAsync();

        await pipeline.ProcessAsync([.. order.Select(told => Record(pipeline, told))]);

        Assert.Equal("amy sent 10:05, ben incoming 10:04; sent 10:04", await TimelineAsync(pipeline));
    }

    [Fact]
    public async Task Workers_of_two_accounts_that_write_the_same_mails_at_once_agree()
    {
        await using var pipeline = await OpenAsync();
        var subjects = Enumerable.Range(0, 100).Select(n => $"{n}").ToArray();
        ConsumeResult<byte[], byte[]>[][] batches =
        [
            [.. subjects.Select(subject => Record(pipeline, "sent", subject))],
            [.. subjects.Reverse().Select(subject => Record(pipeline, "got", subject))],
        ];

        await Task.WhenAll(batches.Select(batch => Task.Run(() => pipeline.ProcessAsync(batch), Cancel)));

        Assert.Equal("100 sent 10:04", await pipeline.Database.QueryAsync<string>(
            "select string_agg(distinct (select count(*) from timeline_entries) || ' ' || direction || to_char(occurred_at at time zone 'UTC', ' HH24:MI'), ', ') from timeline_entries", Cancel));
        Assert.Equal(200, await pipeline.Database.QueryAsync<long>("select count(*) from activity_contacts join timeline_entries on timeline_entries.id = entry_id", Cancel));
    }

    private async Task<PipelineHost> OpenAsync()
    {
        var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("List", List);
        return pipeline;
    }

    private static ConsumeResult<byte[], byte[]> Record(PipelineHost pipeline, string told, string subject = "offer")
    {
        var mail = $"\"messageId\":\"<{subject}@corp.example>\",\"subject\":\"{subject}\"";
        var (account, body) = told switch
        {
            "sent" => ("amy", Events.Of("messageSent", $"{mail},\"envelope\":{{\"to\":[\"{List}\"]}}").Replace("12:00:00", "10:05:00", StringComparison.Ordinal)),
            "copy" => ("amy", Events.New("Sent", $"{mail},\"date\":\"2026-06-01T10:03:00.000Z\",\"from\":{{\"address\":\"amy@corp.example\"}},\"to\":[{{\"address\":\"{List}\"}}]")),
            _ => ("ben", Events.New("Inbox", $"{mail},\"date\":\"2026-06-01T10:04:00.000Z\",\"from\":{{\"address\":\"{List}\"}}")),
        };
        return pipeline.Record(body.Replace("\"account\":\"amy\"", $"\"account\":\"{account}\"", StringComparison.Ordinal), account: account);
    }

    private static Task<string> TimelineAsync(PipelineHost pipeline) => pipeline.Database.QueryAsync<string>(
        """
        select
            (select string_agg(account_id || ' ' || direction || to_char(occurred_at at time zone 'UTC', ' HH24:MI'), ', ' order by account_id) from activities)
            || '; '
            || (select string_agg(direction || to_char(occurred_at at time zone 'UTC', ' HH24:MI'), ', ') from timeline_entries)
        """, Cancel);
}
