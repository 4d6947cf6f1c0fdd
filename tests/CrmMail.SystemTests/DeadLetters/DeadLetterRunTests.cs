using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.DeadLetters;

/// <summary>Runs over dead letters: nothing lost, whoever dies, and nothing done that nobody asked for.</summary>
public sealed class DeadLetterRunTests(RunningApplication system) : IAsyncLifetime
{
    private LetterBox _box = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _box = await LetterBox.OpenAsync(system);

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task A_letter_is_put_back_as_it_was_with_who_and_when_and_how_often()
    {
        await _box.PutAsideAsync(1);
        var run = await _box.QueueAsync(DeadLetterAction.Requeue);
        Assert.Equal(1, await _box.WorkAsync());

        var record = Assert.Single(await _box.ReadEventsAsync());
        Assert.Equal("{", LetterBox.Text(record.Message.Value));
        Assert.Equal("e-0", LetterBox.Header(record, MailHeaders.EventId));
        Assert.Equal(
            ["dlq.attempt", "dlq.first_failed_at", "dlq.requeue.at", "dlq.requeue.by", "dlq.requeue.count", "dlq.requeue.id"],
            record.Message.Headers.Select(header => header.Key).Where(name => name.StartsWith("dlq.", StringComparison.Ordinal)).Order());
        Assert.Equal(
            ("1", "1", "test", run.Id.ToString()),
            (LetterBox.Header(record, "dlq.attempt"), LetterBox.Header(record, "dlq.requeue.count"), LetterBox.Header(record, "dlq.requeue.by"), LetterBox.Header(record, "dlq.requeue.id")));
        Assert.Equal("e-0 requeued 1 1", await _box.LettersAsync());
        var ended = await _box.FindAsync(run.Id);
        Assert.Equal((RunState.Completed, 1, 1, 0), (ended.State, ended.Total, ended.Done, ended.Failed));
    }

    [Fact]
    public async Task One_that_fails_again_is_another_letter_that_counts_on()
    {
        await _box.PutAsideAsync(1);
        await _box.QueueAsync(DeadLetterAction.Requeue);
        await _box.WorkAsync();

        await _box.Pipeline.ProcessAsync([.. await _box.ReadEventsAsync()]);

        Assert.Equal("e-0 requeued 1 1, e-0 open 2 1", await _box.LettersAsync());
        Assert.Equal(1, await _box.QueryAsync<long>("select count(distinct first_failed_at) from dead_letters"));
        await _box.QueueAsync(DeadLetterAction.Requeue);
        await _box.WorkAsync();
        Assert.Equal(["1", "2"], (await _box.ReadEventsAsync()).Select(record => LetterBox.Header(record, "dlq.requeue.count")).Order());
    }

    [Fact]
    public async Task Once_the_cause_is_mended_the_event_makes_its_activity_once_however_often_it_is_put_back()
    {
        await _box.Pipeline.AddContactAsync("Ann", "ann@x.example");
        var body = Encoding.UTF8.GetBytes(
            $$"""{"account":"{{_box.Account}}","date":"2026-06-01T12:00:00.000Z","event":"messageNew","data":{"id":"1","path":"INBOX","messageSpecialUse":"\\Inbox","messageId":"<1@x>","subject":"offer","from":{"address":"ann@x.example"} } }""");
        var record = _box.Pipeline.Record([], "e-0", account: _box.Account);
        record.Message.Headers.AddText(MailHeaders.BodySha256, SpilledBody.Of(body).Sha256Hex);
        record.Message.Headers.AddText(MailHeaders.BodySize, body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await _box.Pipeline.ProcessAsync(record);
        Assert.Equal("dead: body_missing", await _box.Pipeline.OutcomesAsync());

        await _box.ExecuteAsync($"insert into spilled_bodies (sha256, body) values (sha256('\\x{Convert.ToHexString(body)}'::bytea), '\\x{Convert.ToHexString(body)}'::bytea)");
        await _box.QueueAsync(DeadLetterAction.Requeue, new() { State = DeadLetterState.Open, Reason = DeadLetterReason.BodyMissing });
        await _box.WorkAsync();
        await _box.Pipeline.ProcessAsync([.. await _box.ReadEventsAsync()]);
        await _box.QueueAsync(DeadLetterAction.Requeue, new() { State = DeadLetterState.Requeued });
        await _box.WorkAsync();
        await _box.Pipeline.ProcessAsync([.. await _box.ReadEventsAsync()]);

        Assert.Equal(2, (await _box.ReadEventsAsync()).Count);
        Assert.Equal("1 offer, 1 dead letters", await _box.QueryAsync<string>("select count(*) || ' ' || min(subject) || ', ' || (select count(*) from dead_letters) || ' dead letters' from activities"));
    }

    [Fact]
    public async Task Whoever_dies_between_Kafka_and_the_mark_leaves_the_letter_to_the_next_one()
    {
        await _box.PutAsideAsync(3);
        var run = await _box.QueueAsync(DeadLetterAction.Requeue);
        using (var doomed = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        await using (var connection = await _box.Pipeline.Database.DataSource.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await using var block = new NpgsqlCommand("lock table dead_letter_run_results in exclusive mode", connection);
            await block.ExecuteNonQueryAsync(Cancel);
            var work = _box.WorkAsync(doomed.Token);
            await _box.WaitForAsync("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')");
            await doomed.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        }

        Assert.NotEmpty(await _box.ReadEventsAsync());
        Assert.Equal("e-0 open 1 0, e-1 open 1 0, e-2 open 1 0", await _box.LettersAsync());
        Assert.Equal(RunState.Running, (await _box.FindAsync(run.Id)).State);

        Assert.Equal(1, await _box.WorkAsync());

        Assert.Equal("e-0 requeued 1 1, e-1 requeued 1 1, e-2 requeued 1 1", await _box.LettersAsync());
        Assert.Equal((RunState.Completed, 3), ((await _box.FindAsync(run.Id)).State, (await _box.FindAsync(run.Id)).Done));
        Assert.Equal(["e-0", "e-1", "e-2"], (await _box.ReadEventsAsync()).Select(record => LetterBox.Header(record, MailHeaders.EventId)).Distinct());
    }

    [Fact]
    public async Task Of_two_Processors_one_does_the_run_and_does_each_letter_once()
    {
        await _box.PutAsideAsync(20);
        await _box.QueueAsync(DeadLetterAction.Requeue, ratePerSecond: 20);

        var runs = await Task.WhenAll(_box.WorkAsync(), _box.WorkAsync());

        Assert.Equal([0, 1], runs.Order());
        Assert.Equal(20, (await _box.ReadEventsAsync()).Count);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_ends_within_a_second_and_what_it_did_stays_done()
    {
        await _box.PutAsideAsync(5);
        var run = await _box.QueueAsync(DeadLetterAction.Requeue, ratePerSecond: 1);
        var work = _box.WorkAsync();
        await _box.WaitForAsync("select exists (select from dead_letter_runs where done > 0)");

        var cancelled = await _box.Runs.CancelAsync(run.Id, "somebody", Cancel);
        await work.WaitAsync(TimeSpan.FromSeconds(5), Cancel);

        Assert.Equal(RunState.Cancelled, cancelled!.State);
        var done = (await _box.FindAsync(run.Id)).Done;
        Assert.InRange(done, 1, 4);
        Assert.Equal(done, await _box.QueryAsync<long>("select count(*) from dead_letters where state = 'requeued'"));
        Assert.Equal(
            "test dead-letters.requeue cancelled, somebody dead-letters.cancel cancelled",
            await _box.QueryAsync<string>("select string_agg(concat_ws(' ', actor, action, result ->> 'state'), ', ' order by id) from operations_audit"));
    }

    [Fact]
    public async Task A_run_is_no_faster_than_it_was_told_to_be_and_shows_how_far_it_is()
    {
        await _box.PutAsideAsync(9);
        await _box.QueueAsync(DeadLetterAction.Requeue, ratePerSecond: 4);
        var watch = Stopwatch.StartNew();
        var work = _box.WorkAsync();
        await _box.WaitForAsync("select exists (select from dead_letter_runs where done between 1 and 8 and state = 'running')");
        await work;

        // The first letter goes at once, and the others one every quarter of a second.
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(20));
        Assert.Equal(9, await _box.QueryAsync<long>("select done from dead_letter_runs"));
    }

    [Fact]
    public async Task Discarded_letters_stay_where_they_are()
    {
        await _box.PutAsideAsync(3);
        var oldest = await _box.QueryAsync<long>("select min(id) from dead_letters");
        await _box.QueueAsync(DeadLetterAction.Discard, new() { State = DeadLetterState.Open, Ids = [oldest, oldest + 2] });
        await _box.WorkAsync();

        Assert.Equal("e-0 discarded 1 0, e-1 open 1 0, e-2 discarded 1 0", await _box.LettersAsync());
        Assert.Empty(await _box.ReadEventsAsync());
        Assert.Equal(
            """dead-letters.discard {"done": 2, "state": "completed", "total": 2, "failed": 0}""",
            await _box.QueryAsync<string>("select action || ' ' || result from operations_audit"));
    }

    [Fact]
    public async Task A_letter_that_was_put_back_five_times_is_withheld_unless_somebody_insists()
    {
        await _box.PutAsideAsync(2);
        await _box.ExecuteAsync("update dead_letters set requeues = 5 where event_id = 'e-0'");
        var run = await _box.QueueAsync(DeadLetterAction.Requeue);
        await _box.WorkAsync();
        Assert.Equal("e-0 open 1 5, e-1 requeued 1 1", await _box.LettersAsync());
        Assert.Equal(1, run.Total);

        await _box.QueueAsync(DeadLetterAction.Requeue, force: true);
        await _box.WorkAsync();
        Assert.Equal("e-0 requeued 1 6, e-1 requeued 1 1", await _box.LettersAsync());
    }

    [Fact]
    public async Task A_run_takes_no_more_letters_than_its_limit_and_none_that_came_after_it()
    {
        await _box.PutAsideAsync(3);
        await _box.QueueAsync(DeadLetterAction.Requeue, limit: 2);
        await _box.WorkAsync();
        Assert.Equal("e-0 requeued 1 1, e-1 requeued 1 1, e-2 open 1 0", await _box.LettersAsync());

        await _box.QueueAsync(DeadLetterAction.Requeue);
        await _box.Pipeline.ProcessAsync(_box.Pipeline.Record("{", "e-later", account: _box.Account));
        await _box.WorkAsync();
        Assert.Equal("e-0 requeued 1 1, e-1 requeued 1 1, e-2 requeued 1 1, e-later open 1 0", await _box.LettersAsync());
    }

    [Theory]
    [InlineData("dead_letter_offset = 1000000000")] // beyond the end
    [InlineData("dead_letter_partition = 10000")]
    [InlineData("\"offset\" = 1")] // another record is there
    public async Task A_letter_that_Kafka_has_no_longer_is_left_alone_and_its_neighbours_go_through(string elsewhere)
    {
        await _box.PutAsideAsync(3);
        await _box.ExecuteAsync($"update dead_letters set {elsewhere} where event_id = 'e-1'");
        var run = await _box.QueueAsync(DeadLetterAction.Requeue);
        await _box.WorkAsync();

        Assert.Equal("e-0 requeued 1 1, e-1 open 1 0, e-2 requeued 1 1", await _box.LettersAsync());
        var ended = await _box.FindAsync(run.Id);
        Assert.Equal((RunState.Completed, 2, 1), (ended.State, ended.Done, ended.Failed));
        Assert.Equal("gone", await _box.QueryAsync<string>("select result from dead_letter_run_results join dead_letters on id = dead_letter_id where event_id = 'e-1'"));
    }

    [Fact]
    public async Task A_letter_that_was_too_large_is_put_back_from_its_first_place()
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = await system.Application.GetConnectionStringAsync("kafka", Cancel) }).Build();
        var original = await producer.ProduceAsync(MailTopics.Events, _box.Pipeline.Record("{ whole", "e-0", account: _box.Account).Message, Cancel);
        var huge = _box.Pipeline.Record(new byte[MailTopics.MaxDeadLetterBytes], "e-0", account: _box.Account);
        huge.TopicPartitionOffset = original.TopicPartitionOffset;
        await _box.Pipeline.ProcessAsync(huge);
        Assert.Equal("too_large", await _box.QueryAsync<string>("select reason from dead_letters"));

        await _box.QueueAsync(DeadLetterAction.Requeue);
        await _box.WorkAsync();

        Assert.Equal("e-0 requeued 1 1", await _box.LettersAsync());
        Assert.Equal(["{ whole", "{ whole"], (await _box.ReadEventsAsync()).Select(record => LetterBox.Text(record.Message.Value)));
    }
}
