using System.Diagnostics;
using Confluent.Kafka;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Processor;

/// <summary>What becomes of a batch, whatever is in it and whatever happens meanwhile.</summary>
public sealed class PipelineTests(RunningApplication system)
{
    private const string Ann = "ann@customer.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_event_twice_in_a_batch_is_one_activity_or_one_skip()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("Ann", Ann);
        var (mail, skip) = (Events.Mail("offer", Ann), Events.Mail("spam", "stranger@x.example"));

        await pipeline.ProcessAsync(
            pipeline.Record(mail, "a"), pipeline.Record(skip, "b"), pipeline.Record(skip, "b"), pipeline.Record(mail, "a"), pipeline.Record(mail, "c"));

        Assert.Equal("offer, no-contact, known-mail", await pipeline.OutcomesAsync());
        Assert.Equal("1 2", await pipeline.Database.QueryAsync<string>("select incoming_count || ' ' || skipped_count from accounts", Cancel));
    }

    [Fact]
    public async Task Records_that_nobody_can_read_are_dead_letters_and_their_neighbours_go_through()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("Ann", Ann);
        var noReceivedAt = pipeline.Record("{}").Message;
        noReceivedAt.Headers.Remove(MailHeaders.ReceivedAt);
        var missingBody = pipeline.Record("").Message;
        missingBody.Headers.AddText(MailHeaders.BodySha256, new string('a', 64));
        missingBody.Headers.AddText(MailHeaders.BodySize, "7");

        await pipeline.ProcessAsync(
            pipeline.Foreign(new Message<byte[], byte[]>()),
            pipeline.Record(Events.Mail("first", Ann)),
            pipeline.Foreign(new Message<byte[], byte[]> { Key = [0xFF, 0], Value = "{}"u8.ToArray(), Headers = [new Header("event", "a\0b"u8.ToArray()), new Header("source", null)] }),
            pipeline.Foreign(noReceivedAt),
            pipeline.Record([]),
            pipeline.Record([0xFF, 0xFE, 0x00]),
            pipeline.Record("""{"account":"amy","event":"messageNew","data":7}"""),
            pipeline.Foreign(missingBody),
            pipeline.Record(Events.Mail("last", Ann)));

        Assert.Equal(
            "dead: schema, first, dead: schema, dead: schema, dead: decode, dead: decode, dead: schema, dead: body_missing, last",
            await pipeline.OutcomesAsync());
    }

    [Fact]
    public async Task The_row_of_a_dead_letter_says_what_and_why_and_where_and_is_there_once()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        var bad = pipeline.Record("""{"account":"amy","event":"messageNew"}""", "e-1");

        await pipeline.ProcessAsync(bad);
        await pipeline.ProcessAsync(bad);

        Assert.Equal(
            $"amy emailengine e-1 messageNew {CorrelationId.Of(MailSource.EmailEngine, AccountId.Parse("amy"), Id("e-1"))} schema \"data\" is missing or no object. mail.events/3/{bad.Offset.Value} 1 open t",
            await RowAsync(pipeline));
        var letter = await ReadDeadLetterAsync(await pipeline.Database.QueryAsync<string>("select dead_letter_partition || ' ' || dead_letter_offset from dead_letters", Cancel));
        Assert.Equal(bad.Message.Value, letter.Value);
    }

    [Fact]
    public async Task A_dead_letter_that_was_decided_upon_stays_decided_when_its_record_is_read_again()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        var bad = pipeline.Record("{}", "e-1");
        await pipeline.ProcessAsync(bad);
        await pipeline.Database.ExecuteAsync("update dead_letters set state = 'discarded'", Cancel);

        await pipeline.ProcessAsync(bad);
        Assert.Equal("discarded", await pipeline.Database.QueryAsync<string>("select state from dead_letters", Cancel));

        // The topic was made anew: another record has the place now.
        var other = pipeline.Record("[]", "e-2");
        other.Offset = bad.Offset;
        await pipeline.ProcessAsync(other);
        Assert.Equal("e-2 decode open", await pipeline.Database.QueryAsync<string>("select concat_ws(' ', event_id, reason, state) from dead_letters", Cancel));
    }

    [Fact]
    public async Task A_record_larger_than_a_dead_letter_is_put_aside_without_its_value()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        var huge = pipeline.Record(new byte[MailTopics.MaxDeadLetterBytes], "e-1");
        var hugeHeaders = pipeline.Record("{}", "e-2");
        hugeHeaders.Message.Headers.Add("huge", new byte[MailTopics.MaxDeadLetterBytes]);

        await pipeline.ProcessAsync(huge, hugeHeaders);

        Assert.Equal("dead: too_large, dead: too_large", await pipeline.OutcomesAsync());
        var letter = await ReadDeadLetterAsync(await pipeline.Database.QueryAsync<string>("select dead_letter_partition || ' ' || dead_letter_offset from dead_letters where event_id = 'e-1'", Cancel));
        Assert.Empty(letter.Value ?? []);
        Assert.True(letter.Headers.TryGetText(MailHeaders.EventId, out _));
    }

    [Fact]
    public async Task An_event_that_the_database_refuses_is_a_dead_letter_alone_and_no_mark_swallows_it_when_it_is_put_back()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("Ann", Ann);
        await pipeline.Database.ExecuteAsync("alter table activities add constraint no_poison check (subject <> 'poison')", Cancel);
        var records = Enumerable.Range(0, 9).Select(n => pipeline.Record(Events.Mail(n == 6 ? "poison" : $"{n}", Ann), $"e-{n}")).ToArray();

        await pipeline.ProcessAsync(records);
        Assert.Equal("0, 1, 2, 3, 4, 5, dead: row_rejected, 7, 8", await pipeline.OutcomesAsync());
        Assert.Equal("PostgreSQL refuses the event: 23514.", await pipeline.Database.QueryAsync<string>("select detail from dead_letters", Cancel));

        await pipeline.Database.ExecuteAsync("alter table activities drop constraint no_poison", Cancel);
        await pipeline.ProcessAsync(pipeline.Record(Events.Mail("poison", Ann), "e-6"));
        Assert.Equal(9, await pipeline.Database.QueryAsync<long>("select count(*) from activities", Cancel));
    }

    [Theory]
    [InlineData("alter table activities rename to away", "alter table away rename to activities", "42P01")]
    [InlineData("create function fail() returns trigger language plpgsql as 'begin raise exception using errcode = ''57P03''; end'; create trigger fail before insert on activities execute function fail()", "drop trigger fail on activities", "57P03")]
    [InlineData("create function fail() returns trigger language plpgsql as 'begin raise exception using errcode = ''23503''; end'; create trigger fail before insert on timeline_entries execute function fail()", "drop trigger fail on timeline_entries", "23503")]
    public async Task What_a_server_is_to_blame_for_is_waited_for(string outage, string end, string sqlState)
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("Ann", Ann);
        await pipeline.Database.ExecuteAsync(outage, Cancel);

        var processing = pipeline.ProcessAsync(pipeline.Record(Events.Mail("offer", Ann)), pipeline.Record("{}"));
        await WaitForLogAsync(pipeline, $"PostgresException, {sqlState}");
        Assert.False(processing.IsCompleted);
        await pipeline.Database.ExecuteAsync(end, Cancel);
        await processing;

        Assert.Equal("offer, dead: schema", await pipeline.OutcomesAsync());
    }

    [Fact]
    public async Task A_dead_letter_waits_for_the_database_too()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.Database.ExecuteAsync("alter table dead_letters rename to away", Cancel);

        var processing = pipeline.ProcessAsync(pipeline.Record("{}"));
        await WaitForLogAsync(pipeline, "PostgresException, 42P01");
        Assert.False(processing.IsCompleted);
        await pipeline.Database.ExecuteAsync("alter table away rename to dead_letters", Cancel);
        await processing;

        Assert.Equal("dead: schema", await pipeline.OutcomesAsync());
    }

    [Fact]
    public async Task A_batch_that_was_begun_and_abandoned_is_written_by_the_next_who_gets_it()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("Ann", Ann);
        var record = pipeline.Record(Events.Mail("offer", Ann), "e-1");
        await using (var connection = await pipeline.Database.DataSource.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await using var block = new NpgsqlCommand("lock table activities in access exclusive mode", connection);
            await block.ExecuteNonQueryAsync(Cancel);
            using var abandon = new CancellationTokenSource();

            var begun = pipeline.CreatePipeline().ProcessAsync([record], abandon.Token, abandon.Token);
            await WaitForBlockedAsync(pipeline);
            await abandon.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => begun);
        }

        Assert.Equal("", await pipeline.OutcomesAsync());
        await pipeline.ProcessAsync(record);
        Assert.Equal("offer", await pipeline.OutcomesAsync());
    }

    [Fact]
    public async Task Workers_of_two_partitions_that_get_one_mail_write_it_once()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        await pipeline.AddContactAsync("Ann", Ann);
        var records = Enumerable.Range(0, 50).Select(n => pipeline.Record(Events.Mail($"{n}", Ann), $"e-{n}")).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => pipeline.CreatePipeline().ProcessAsync([.. records], Cancel, Cancel), Cancel)));

        Assert.Equal(50, await pipeline.Database.QueryAsync<long>("select count(*) from activities", Cancel));
        Assert.Equal(50, await pipeline.Database.QueryAsync<long>("select incoming_count from accounts", Cancel));
    }

    [Fact]
    public async Task Ten_thousand_recipients_are_one_activity_and_no_more_statements_than_one_recipient()
    {
        await using var pipeline = await PipelineHost.StartAsync(system);
        var addresses = Enumerable.Range(0, 10_000).Select(n => $"r{n}@customer.example").ToArray();
        await pipeline.Database.ExecuteAsync(
            """
            insert into contacts (id, name) select gen_random_uuid(), n::text from generate_series(0, 9999) as n;
            insert into contact_addresses (address, contact_id) select 'r' || name || '@customer.example', id from contacts;
            """, Cancel);
        await pipeline.ProcessAsync(pipeline.Record(Sent("warm-up", "r0@customer.example")));

        var one = await CountStatementsAsync(() => pipeline.ProcessAsync(pipeline.Record(Sent("one", "r0@customer.example"))));
        var many = await CountStatementsAsync(() => pipeline.ProcessAsync(pipeline.Record(Sent("many", addresses))));

        Assert.Equal(one, many);
        Assert.InRange(many, 3, 6);
        Assert.Equal(10_000, await pipeline.Database.QueryAsync<long>("select count(*) from activity_contacts join activities on id = activity_id where subject = 'many'", Cancel));
        Assert.Equal(3, await pipeline.Database.QueryAsync<long>("select count(*) from activities", Cancel));
    }

    [Fact]
    public async Task A_mail_is_linked_to_no_more_contacts_than_may_be()
    {
        await using var pipeline = await PipelineHost.StartAsync(system, ("Consumer:MaxLinkedContacts", "2"));
        string[] addresses = ["a@customer.example", "b@customer.example", "c@customer.example"];
        foreach (var address in addresses)
        {
            await pipeline.AddContactAsync(address, address);
        }

        await pipeline.ProcessAsync(pipeline.Record(Sent("offer", addresses)));

        Assert.Equal(2, await pipeline.Database.QueryAsync<long>("select count(*) from activity_contacts", Cancel));
        Assert.Equal(3, await pipeline.Database.QueryAsync<int>("select jsonb_array_length(participants -> 'to') from activities", Cancel));
    }

    private static string Sent(string subject, params string[] recipients) => Events.New(
        "Sent",
        $$"""  "messageId":"<{{subject}}@x.example>","subject":"{{subject}}","from":{"address":"amy@corp.example"},"to":[{{string.Join(',', recipients.Select(address => $"{{\"address\":\"{address}\"}}"))}}]  """);

    private static async Task<int> CountStatementsAsync(Func<Task> work)
    {
        var count = 0;
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => Interlocked.Add(ref count, span.TraceId == root.TraceId && span.GetTagItem("db.query.text") is not null ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return count;
    }

    private static Task<string> RowAsync(PipelineHost pipeline) => pipeline.Database.QueryAsync<string>(
        """
        select concat_ws(
            ' ', account_id, source, event_id, event, correlation_id, reason, detail, topic || '/' || partition || '/' || "offset", attempt, state,
            failed_at = first_failed_at and failed_at between now() - interval '1 minute' and now() + interval '1 minute' and fingerprint ~ '^[0-9a-f]{16}$')
        from dead_letters
        """, Cancel);

    private static EventId Id(string text) => EventId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    private static async Task WaitForLogAsync(PipelineHost pipeline, string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!pipeline.Log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await often.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task WaitForBlockedAsync(PipelineHost pipeline)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await pipeline.Database.QueryAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", Cancel) == 0)
        {
            await often.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task<Message<byte[], byte[]>> ReadDeadLetterAsync(string place)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = await system.Application.GetConnectionStringAsync("kafka", Cancel),
            GroupId = $"test-{Guid.NewGuid():N}",
        }).Build();
        var parts = place.Split(' ').Select(long.Parse).ToArray();
        consumer.Assign(new TopicPartitionOffset(MailTopics.DeadLetters, (int)parts[0], parts[1]));
        var record = await Task.Run(() => consumer.Consume(TimeSpan.FromSeconds(20)), Cancel);
        return record?.Message ?? throw new TimeoutException($"There is no dead letter at {place}.");
    }
}
