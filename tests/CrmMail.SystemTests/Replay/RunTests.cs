using System.Text.Json;
using Confluent.Kafka;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Replay;

/// <summary>How runs begin, are shared, pause and end.</summary>
public sealed class RunTests(RunningApplication system)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_Processors_share_the_partitions_of_a_run()
    {
        await using var stand = await ReplayStand.StartAsync(system, processors: 0);
        await ProduceManyAsync(stand, 600);
        for (var n = 0; n < 2; n++)
        {
            await stand.StartProcessorAsync(("Replay:MaxPartitions", "2"), ("Replay:BatchSize", "10"));
        }

        var run = await stand.StartAsync("fill", options: """, "ratePerSecond": 300""");
        var shared = await stand.WaitForAsync(run, seen => Count(seen, "running") > 2);
        Assert.True(Count(shared, "running") <= 4);

        var ended = await stand.WaitForAsync(run, IsEnded);
        Assert.Equal("completed, 600 added", ReplayStand.Describe(ended));
        Assert.Equal(600, await stand.Database.QueryAsync<long>("select count(*) from activities", Cancel));
    }

    [Theory]
    [InlineData("fill", "completed, 400 added")]
    [InlineData("verify", "completed, 400 added")]
    [InlineData("rebuild", "completed, 400 added")]
    public async Task A_run_whose_Processor_vanishes_goes_on_with_another_where_it_was(string mode, string result)
    {
        await using var stand = await ReplayStand.StartAsync(system, processors: 0);
        await ProduceManyAsync(stand, 400);
        await using (var doomed = await ProcessorOf(stand))
        {
            var run = await stand.StartAsync(mode, options: """, "ratePerSecond": 200""");
            await stand.WaitForAsync(run, seen => seen.GetProperty("doneRecords").GetInt64() > 40);
            await doomed.CrashAsync();

            var left = await stand.ReadAsync(run);
            Assert.Equal("running", left.GetProperty("state").GetString());
            await stand.StartProcessorAsync();
            var ended = await stand.WaitForAsync(run, IsEnded);

            Assert.Equal(result, ReplayStand.Describe(ended));
            Assert.Equal(mode == "verify" ? 0 : 400, await stand.Database.QueryAsync<long>("select count(*) from activities", Cancel));
        }
    }

    [Fact]
    public async Task A_run_that_is_cancelled_stops_within_a_second_and_keeps_what_it_did()
    {
        await using var stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "5"));
        await ProduceManyAsync(stand, 300);
        var run = await stand.StartAsync("fill", options: """, "ratePerSecond": 20""");
        await stand.WaitForAsync(run, seen => seen.GetProperty("doneRecords").GetInt64() > 5);

        var cancelled = await stand.Client.PostAsync($"/api/replays/{run}/cancel", "{}");
        cancelled.AssertStatus(200);
        Assert.Equal("cancelled", cancelled.Json.GetProperty("state").GetString());
        await using var released = stand.Database.DataSource.CreateCommand("select count(*) from replay_partitions where owner is not null");
        await EventuallyAsync(TimeSpan.FromSeconds(1), async () => (long)(await released.ExecuteScalarAsync(Cancel))! == 0);

        var written = await stand.Database.QueryAsync<long>("select count(*) from activities", Cancel);
        Assert.InRange(written, 1, 299);
        Assert.Equal($"cancelled, {written} added", ReplayStand.Describe(await stand.ReadAsync(run)));
        var again = await stand.Client.PostAsync($"/api/replays/{run}/cancel", "{}");
        Assert.Equal(cancelled.Json.GetProperty("endedAt").GetString(), again.Json.GetProperty("endedAt").GetString());
    }

    [Fact]
    public async Task What_one_run_reads_of_a_partition_another_waits_for()
    {
        await using var stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "5"));
        await ProduceManyAsync(stand, 60);
        var first = await stand.StartAsync("fill", options: """, "ratePerSecond": 20""");
        var second = await stand.StartAsync("fill");
        await stand.WaitForAsync(second, seen => seen.GetProperty("state").GetString() == "running");
        await stand.WaitForAsync(first, seen => seen.GetProperty("doneRecords").GetInt64() > 20);

        await using var both = stand.Database.DataSource.CreateCommand(
            "select count(*) from replay_partitions as one join replay_partitions as other using (partition) where one.run_id < other.run_id and not one.is_done and other.next_offset > other.from_offset");
        Assert.Equal(0L, await both.ExecuteScalarAsync(Cancel));
        Assert.Equal("completed, 60 added", ReplayStand.Describe(await stand.WaitForAsync(first, IsEnded)));
        Assert.Equal("completed, 60 unchanged", ReplayStand.Describe(await stand.WaitForAsync(second, IsEnded)));
    }

    [Fact]
    public async Task A_range_that_retention_has_cut_fails_with_the_number_of_offsets_unless_that_is_allowed()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await ProduceManyAsync(stand, 30);
        var partition = stand.Events.GroupBy(record => record.Partition.Value).MaxBy(group => group.Count())!;
        var places = partition.Select(record => record.Offset.Value).Order().ToList();
        var cut = places[places.Count / 2];
        await TrimAsync(new(MailTopics.Events, partition.Key, cut));

        var range = $$"""{"range": { {{ReplayStand.Offsets(partition)}} }, "execute": true""";
        var refused = await stand.WaitForAsync(await stand.OrderAsync(range + "}"), IsEnded);
        Assert.Equal($"{cut - places[0]} of {places[^1] + 1 - places[0]} offsets in 1 partitions are gone by retention. With allowTrimmed the rest is read.", refused.GetProperty("error").GetString());
        Assert.Equal("failed", refused.GetProperty("state").GetString());

        var allowed = await stand.WaitForAsync(await stand.OrderAsync(range + """, "allowTrimmed": true}"""), IsEnded);
        Assert.Equal($"completed, {places.Count(offset => offset >= cut)} added", ReplayStand.Describe(allowed));
        Assert.Equal(cut - places[0], allowed.GetProperty("trimmedRecords").GetInt64());
    }

    [Theory]
    [InlineData("fill")]
    [InlineData("verify")]
    [InlineData("rebuild")]
    public async Task Offsets_that_retention_takes_while_a_run_is_under_way_are_counted_once(string mode)
    {
        await using var stand = await ReplayStand.StartAsync(system, processors: 0);
        await ProduceManyAsync(stand, 60);
        await stand.StartProcessorAsync(("Replay:MaxPartitions", "1"));
        var last = stand.Events.GroupBy(record => record.Partition.Value).MaxBy(group => group.Key)!;
        var places = last.Select(record => record.Offset.Value).Order().ToList();
        var cut = places[places.Count / 2];
        Guid run;
        await using (var connection = await stand.Database.DataSource.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            // The first partition cannot be written, and so the last one is not opened yet.
            await using var block = new NpgsqlCommand("lock table replay_changes in exclusive mode", connection);
            await block.ExecuteNonQueryAsync(Cancel);
            run = await stand.StartAsync(mode, options: """, "allowTrimmed": true""");
            await stand.WaitForAsync(run, seen => Count(seen, "running") == 1);
            await TrimAsync(new(MailTopics.Events, last.Key, cut));
        }

        var ended = await stand.WaitForAsync(run, IsEnded);
        Assert.Equal($"completed, {60 - places.Count(offset => offset < cut)} added", ReplayStand.Describe(ended));
        Assert.Equal(cut - places[0], ended.GetProperty("trimmedRecords").GetInt64());
    }

    [Fact]
    public async Task A_run_pauses_while_live_events_are_late_and_goes_on_by_itself()
    {
        await using var stand = await ReplayStand.StartAsync(system, processors: 0);
        await ProduceManyAsync(stand, 40);
        await using var beside = await ProcessorOf(stand);
        await beside.WaitForPartitionsAsync();
        Guid run;
        await using (var connection = await stand.Database.DataSource.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await using var block = new NpgsqlCommand("lock table activities, skipped_events in exclusive mode", connection);
            await block.ExecuteNonQueryAsync(Cancel);
            await ProduceManyAsync(stand, 1);
            run = await stand.StartAsync("verify", options: """, "pauseAtLagSeconds": 1, "ratePerSecond": 2""");
            // The run can be held before the Processor has taken the first of its partitions.
            await stand.WaitForAsync(run, seen => seen.GetProperty("state").GetString() == "paused" && Count(seen, "paused") > 0);
        }

        await stand.WaitForAsync(run, seen => seen.GetProperty("state").GetString() == "running");
        (await stand.Client.PostAsync($"/api/replays/{run}/cancel", "{}")).AssertStatus(200);
    }

    [Fact]
    public async Task Orders_are_in_the_audit_and_dry_runs_are_not()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await ProduceManyAsync(stand, 3);
        await stand.RunAsync("fill", execute: false);
        var run = await stand.RunAsync("fill");

        var entry = Assert.Single(await stand.Client.ReadAllAsync("/api/audit"));
        Assert.Equal(
            ("replay.start", "test", run.GetProperty("id").GetString(), """{"added":3,"moved":0,"state":"completed","changed":0,"removed":0}"""),
            (entry.GetProperty("action").GetString(), entry.GetProperty("actor").GetString(), entry.GetProperty("runId").GetString(), entry.GetProperty("result").GetRawText().Replace(" ", "", StringComparison.Ordinal)));
        var listed = await stand.Client.ReadAllAsync("/api/replays?limit=1");
        Assert.Equal(["fill", "verify"], listed.Select(item => item.GetProperty("mode").GetString()));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_leaves_in_the_audit_what_it_did_until_then()
    {
        await using var stand = await ReplayStand.StartAsync(system, processors: 0);
        var run = await stand.OrderAsync("""{"range": {"all": true}, "execute": true}""");
        (await stand.Client.PostAsync($"/api/replays/{run}/cancel", "{}")).AssertStatus(200);
        (await stand.Client.PostAsync($"/api/replays/{run}/cancel", "{}")).AssertStatus(200);

        var entries = await stand.Client.ReadAllAsync("/api/audit");
        Assert.Equal(["replay.cancel", "replay.start"], entries.Select(entry => entry.GetProperty("action").GetString()));
        Assert.Equal(
            """{"added":0,"moved":0,"state":"cancelled","changed":0,"removed":0}""",
            entries[1].GetProperty("result").GetRawText().Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{}""", "range")]
    [InlineData("""{"range": {}}""", "range")]
    [InlineData("""{"range": {"all": true, "since": "1h"}}""", "range.all")]
    [InlineData("""{"range": {"since": "1y"}}""", "range.since")]
    [InlineData("""{"range": {"fromOffsets": {"x": 1}}}""", "range.fromOffsets")]
    [InlineData("""{"range": {"fromOffsets": {"1": 5}, "toOffsets": {"1": 4}}}""", "range.toOffsets")]
    [InlineData("""{"range": {"fromOffsets": {"1": 5}}, "partitions": [2]}""", "range.fromOffsets")]
    [InlineData("""{"range": {"all": true}, "partitions": []}""", "partitions")]
    [InlineData("""{"range": {"all": true}, "event": "messageNew", "mode": "rebuild"}""", "event")]
    [InlineData("""{"range": {"all": true}, "ratePerSecond": 0, "pauseAtLagSeconds": 0, "account": ""}""", "ratePerSecond, pauseAtLagSeconds, account")]
    public async Task An_order_that_makes_no_sense_is_refused_by_field(string order, string fields)
    {
        await using var stand = await ReplayStand.StartAsync(system, processors: 0);
        (await stand.Client.PostAsync("/api/replays", order)).AssertProblem(400, "invalid-request", fields);
        (await stand.Client.GetAsync($"/api/replays/{Guid.NewGuid()}")).AssertProblem(404, "not-found");
        (await stand.Client.GetAsync($"/api/replays/{Guid.NewGuid()}/changes?kind=x")).AssertProblem(400, "invalid-request", "kind");
    }

    private static bool IsEnded(JsonElement run) => run.GetProperty("endedAt").ValueKind != JsonValueKind.Null;

    private static int Count(JsonElement run, string state) =>
        run.GetProperty("partitions").EnumerateArray().Count(partition => partition.GetProperty("state").GetString() == state);

    private static async Task ProduceManyAsync(ReplayStand stand, int count)
    {
        if (stand.Events.Count == 0)
        {
            await stand.AddContactAsync("Ann", "ann@customer.example");
        }

        await Task.WhenAll(Enumerable.Range(stand.Events.Count, count).Select(n => stand.ProduceMailAsync($"{n % 24}", $"{n}", "ann@customer.example")));
    }

    /// <summary>What retention does: everything before the place is gone.</summary>
    private async Task TrimAsync(TopicPartitionOffset place)
    {
        var kafka = await system.Application.GetConnectionStringAsync("kafka", Cancel);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka }).Build();
        await admin.DeleteRecordsAsync([place]);
    }

    /// <summary>A Processor in a process of its own, whose live events are those from now on.</summary>
    private async Task<Processor.ProcessorProcess> ProcessorOf(ReplayStand stand)
    {
        var kafka = (await system.Application.GetConnectionStringAsync("kafka", Cancel))!;
        await StartGroupAtTheEndAsync(kafka, stand.Name);
        return await Processor.ProcessorProcess.StartAsync(
            system,
            ("ConnectionStrings__crm", stand.Database.ConnectionString),
            ("Consumer__GroupId", stand.Name),
            ("Deduplication__Namespace", stand.Name),
            ("Replay__BatchSize", "5"),
            ("Replay__Lease", "00:00:02"));
    }

    private static async Task StartGroupAtTheEndAsync(string kafka, string group)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka, GroupId = group }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(MailTopics.Events, TimeSpan.FromSeconds(10)).Topics[0].Partitions
            .Select(partition => new TopicPartition(MailTopics.Events, partition.PartitionId));
        var ends = await Task.Run(
            () => partitions.Select(partition => new TopicPartitionOffset(partition, consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(10)).High)).ToList(), Cancel);
        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(group, ends)]);
    }

    private static async Task EventuallyAsync(TimeSpan patience, Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.True(!deadline.IsCancellationRequested, $"Not within {patience}.");
            await often.WaitForNextTickAsync(Cancel);
        }
    }
}
