using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.SystemTests.Processor;

public sealed class ActivityTests(RunningApplication system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_from_a_contact_is_one_activity_however_often_it_is_announced()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Ann", "ann@customer.example");
        var announcement = Guid.NewGuid().ToString();

        await mailbox.SendAsync(mailbox.MailFrom("Ann@Customer.example", "1@customer.example"), announcement);
        await mailbox.SendAsync(mailbox.MailFrom("Ann@Customer.example", "1@customer.example"), announcement);
        await mailbox.SendAsync(mailbox.MailFrom("ann+news@customer.example", "1@customer.example"));
        await mailbox.WaitForOutcomesAsync(2);

        Assert.Equal(1, await mailbox.CountActivitiesAsync());
        Assert.Contains("Ann from", await mailbox.SnapshotAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_from_nobody_known_is_a_skip()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);

        await mailbox.SendAsync(mailbox.MailFrom("stranger@nowhere.example", "2@nowhere.example"));
        await mailbox.WaitForOutcomesAsync(1);

        Assert.Equal(0, await mailbox.CountActivitiesAsync());
    }

    [Fact]
    public async Task A_bad_event_is_a_dead_letter_alone_and_its_neighbours_go_through()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Bob", "bob@customer.example");
        var bad = $$"""{"account":"{{mailbox.Account}}","event":"messageNew","data":"no object"}""";

        await mailbox.SendAsync(mailbox.MailFrom("bob@customer.example", "before@customer.example"));
        await mailbox.SendAsync(bad);
        await mailbox.SendAsync(mailbox.MailFrom("bob@customer.example", "after@customer.example"));
        await mailbox.WaitForOutcomesAsync(2);

        Assert.Equal(2, await mailbox.CountActivitiesAsync());
        var letter = await ReadDeadLetterAsync(mailbox.Account);
        Assert.Equal(bad, Encoding.UTF8.GetString(letter.Value));
        Assert.True(letter.Headers.TryGetLastBytes("dlq.reason", out var reason));
        Assert.Equal("schema", Encoding.UTF8.GetString(reason));
        Assert.True(letter.Headers.TryGetLastBytes(MailHeaders.EventId, out _));
    }

    [Fact]
    public async Task Without_Redis_a_mail_is_written_all_the_same_and_once()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Cid", "cid@customer.example");
        await system.Application.ResourceCommands.ExecuteCommandAsync("redis", KnownResourceCommands.StopCommand, Cancellation);
        try
        {
            await mailbox.SendAsync(mailbox.MailFrom("cid@customer.example", "3@customer.example"));
            await mailbox.SendAsync(mailbox.MailFrom("cid@customer.example", "3@customer.example"));
            await mailbox.WaitForOutcomesAsync(2);
            Assert.Equal(1, await mailbox.CountActivitiesAsync());
        }
        finally
        {
            await system.Application.ResourceCommands.ExecuteCommandAsync("redis", KnownResourceCommands.StartCommand, Cancellation);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await system.WaitUntilHealthyAsync("processor", deadline.Token);
        }
    }

    [Fact]
    public async Task Why_a_mail_is_missing_is_recorded_with_every_event()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Eve", "eve@customer.example");
        (string Name, string Members)[] events =
        [
            ("messageNew", """  "messageId":"<d@x>","messageSpecialUse":"\\Drafts","to":[{"address":"eve@customer.example"}]  """),
            ("messageNew", """  "messageId":"<j@x>","messageSpecialUse":"\\Junk","from":{"address":"eve@customer.example"}  """),
            ("messageNew", """  "messageId":"<t@x>","messageSpecialUse":"\\Trash","from":{"address":"eve@customer.example"}  """),
            ("messageNew", """  "from":{"address":"eve@customer.example"}  """),
            ("messageNew", """  "messageId":"<n@x>","from":{"address":"nobody@x.example"}  """),
            ("messageNew", """  "messageId":"<s@x>","messageSpecialUse":"\\Sent","from":{"address":"me@x.example"},"to":[{"address":"me@x.example"}]  """),
            ("messageDeleted", """  "id":"1"  """),
            ("messageBounce", """  "messageId":"<unknown@x>"  """),
            ("mailboxReset", ""),
            ("trackOpen", ""),
            ("somethingNew", ""),
        ];
        foreach (var (name, members) in events)
        {
            await mailbox.SendAsync(mailbox.Event(name, members));
        }

        await mailbox.WaitForOutcomesAsync(events.Length);

        Assert.Equal(
            "messageNew drafts, messageNew junk, messageNew trash, messageNew no-message-id, messageNew no-contact, messageNew self-mail, "
            + "messageDeleted mailbox-change, messageBounce delivery-report, mailboxReset mailbox-change, trackOpen not-tracked, somethingNew unknown-event",
            await mailbox.TextAsync("""select string_agg(event || ' ' || reason, ', ' order by "offset") from skipped_events where account_id = $1"""));
        Assert.Equal(0, await mailbox.CountActivitiesAsync());
    }

    [Fact]
    public async Task A_mail_that_is_deleted_stays_an_activity()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Fay", "fay@customer.example");

        await mailbox.SendAsync(mailbox.MailFrom("fay@customer.example", "4@customer.example"));
        await mailbox.SendAsync(mailbox.Event("messageDeleted", """  "id":"1","messageId":"<4@customer.example>"  """));
        await mailbox.SendAsync(mailbox.Event("mailboxDeleted", ""));
        await mailbox.SendAsync(mailbox.Event("accountDeleted", ""));
        await mailbox.WaitForOutcomesAsync(4);

        Assert.Equal(1, await mailbox.CountActivitiesAsync());
        Assert.Equal("deleted", await mailbox.TextAsync("select state from accounts where id = $1"));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_bounce_marks_the_sent_mail_whether_it_comes_before_or_after_it(string order)
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.AddContactAsync("Gus", "gus@customer.example");
        var messageId = $"\"messageId\":\"<{mailbox.Account}@x>\"";
        string[] events =
        [
            mailbox.Event("messageSent", messageId + ""","queueId":"1","response":"250 ok","envelope":{"from":"me@x.example","to":["gus@customer.example"]}"""),
            mailbox.Event("messageNew", messageId + ""","messageSpecialUse":"\\Sent","subject":"Offer","from":{"address":"me@x.example"},"to":[{"address":"gus@customer.example"}]"""),
            mailbox.Event("messageBounce", messageId + ""","recipient":"gus@customer.example","response":{"message":"550 no"}"""),
        ];

        foreach (var body in order == "before" ? events.Reverse() : events)
        {
            await mailbox.SendAsync(body);
        }

        await mailbox.WaitForOutcomesAsync(3);
        Assert.Equal("sent Offer bounced gus@customer.example: 550 no", await mailbox.TextAsync("select concat_ws(' ', direction, subject, status, status_detail) from activities where account_id = $1"));
    }

    [Fact]
    public async Task The_events_of_an_account_keep_its_state_and_its_last_error()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        (string Name, string Members, string Second)[] events =
        [
            ("accountAdded", "", "01"),
            ("authenticationError", "\"response\":\"refused\"", "03"),
            ("authenticationSuccess", $"\"user\":\"{mailbox.Account}@corp.example\"", "02"), // reordered by a retry
            ("connectError", "\"response\":{\"message\":\"unreachable\"}", "04"),
        ];
        foreach (var (name, members, second) in events)
        {
            await mailbox.SendAsync(mailbox.Event(name, members, $"2026-11-21T21:00:{second}.000Z"));
        }

        await mailbox.WaitForOutcomesAsync(events.Length);

        Assert.Equal(
            $"connect-error unreachable {mailbox.Account}@corp.example 4 skipped",
            await mailbox.TextAsync("select concat_ws(' ', state, last_error, address, skipped_count, 'skipped') from accounts where id = $1"));
    }

    [Fact]
    public async Task The_trace_that_Ingest_began_goes_on_to_the_database()
    {
        await using var mailbox = await Mailbox.OpenAsync(system);
        await mailbox.SendAsync(mailbox.MailFrom("nobody@nowhere.example", "5@nowhere.example"));
        var record = await ReadAsync(MailTopics.Events, mailbox.Account);
        Assert.True(record.Message.Headers.TryGetText(MailHeaders.TraceParent, out var traceParent));
        await using var pipeline = await PipelineHost.StartAsync(system);
        var sources = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.TraceId == ActivityContext.Parse(traceParent, null).TraceId)
                {
                    sources.Enqueue(span.Source.Name);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await pipeline.ProcessAsync(record);

        Assert.Superset(new HashSet<string> { MailTelemetry.Processor, "Npgsql" }, sources.ToHashSet());
    }

    private async Task<Message<byte[], byte[]>> ReadDeadLetterAsync(string account) => (await ReadAsync(MailTopics.DeadLetters, account)).Message;

    private async Task<ConsumeResult<byte[], byte[]>> ReadAsync(string topic, string account)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = await system.Application.GetConnectionStringAsync("kafka", Cancellation),
            GroupId = $"test-{Guid.NewGuid():N}",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe(topic);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var record = await Task.Run(() => consumer.Consume(deadline.Token), Cancellation);
            if (record.Message.Key is { } key && Encoding.UTF8.GetString(key) == account)
            {
                return record;
            }
        }
    }
}
