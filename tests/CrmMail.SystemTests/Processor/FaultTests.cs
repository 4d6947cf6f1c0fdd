using System.Diagnostics;
using System.Runtime.Versioning;
using Npgsql;
using StackExchange.Redis;

namespace CrmMail.SystemTests.Processor;

/// <summary>Exactly once, whatever is killed, whenever (R1).</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FaultTests(RunningApplication system)
{
    // Kafka notices a dead member when its session times out, after 45 seconds by default.
    private static readonly (string, string) QuicklyMissed = ("Aspire__Confluent__Kafka__Consumer__Config__SessionTimeoutMs", "6000");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processors_share_the_partitions_and_give_them_back()
    {
        await using var stream = await EventStream.OpenAsync(system);
        await stream.SendAsync(2000);
        await using var second = await ProcessorProcess.StartAsync(system);
        await second.WaitForPartitionsAsync();
        await stream.SendAsync(2000);
        await stream.WaitForAsync(2500);

        Assert.Equal(0, await second.StopAsync());
        await stream.SendAsync(500);

        await stream.AssertAllWrittenOnceAsync();
        Assert.Contains(second.Console, line => line.Contains("is given back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Processor_that_is_told_to_stop_ends_its_batch_and_commits_no_offset_that_is_not_written()
    {
        await using var stream = await EventStream.OpenAsync(system);
        await using (await WithoutProcessorAsync())
        {
            await stream.SendAsync(6000);
            await using var only = await ProcessorProcess.StartAsync(system, ("Consumer__BatchSize", "50"));
            await stream.WaitForAsync(300);

            var watch = Stopwatch.StartNew();
            Assert.Equal(0, await only.StopAsync());

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(25), $"it took {watch.Elapsed}");
            Assert.True(await stream.CountEndedAsync() < stream.Sent, "it had nothing left to do");
            await stream.AssertNothingIsSkippedByTheOffsetsAsync();
        }

        await stream.AssertAllWrittenOnceAsync();
    }

    [Fact]
    public async Task A_partition_that_has_waited_for_its_worker_goes_on_at_once()
    {
        const int Events = 2000;
        await using var stream = await EventStream.OpenAsync(system, accounts: 1);
        await using (await WithoutProcessorAsync())
        {
            await stream.SendAsync(Events);

            // It is paused about fifty times.
            await using var only = await ProcessorProcess.StartAsync(system, ("Consumer__BatchSize", "20"));
            await stream.WaitForAsync(1);
            var watch = Stopwatch.StartNew();
            await stream.WaitForAsync(Events);

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"it took {watch.Elapsed}");
        }

        await stream.AssertAllWrittenOnceAsync();
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("stop")] // its batch does not end in time
    public async Task A_Processor_that_ends_between_claim_and_write_leaves_no_event_unwritten(string end)
    {
        await using var stream = await EventStream.OpenAsync(system);
        await using (await WithoutProcessorAsync())
        {
            await stream.SendAsync(200);
            await using var doomed = await ProcessorProcess.StartAsync(system, QuicklyMissed, ("Consumer__DrainTimeout", "00:00:01"));
            await using (var connection = await stream.Database.OpenConnectionAsync(Cancel))
            await using (var transaction = await connection.BeginTransactionAsync(Cancel))
            {
                await using var block = new NpgsqlCommand("lock table activities in access exclusive mode", connection);
                await block.ExecuteNonQueryAsync(Cancel);
                await doomed.WaitForPartitionsAsync();
                await WaitForClaimsAsync(stream, doomed);
                if (end == "crash")
                {
                    await doomed.CrashAsync();
                }
                else
                {
                    Assert.Equal(0, await doomed.StopAsync());
                }
            }

            await stream.AssertNothingIsSkippedByTheOffsetsAsync();
            Assert.Equal(0, await stream.CountEndedAsync());
        }

        await stream.AssertAllWrittenOnceAsync();
    }

    [Fact]
    public async Task A_Processor_that_dies_again_and_again_loses_nothing_and_doubles_nothing()
    {
        await using var stream = await EventStream.OpenAsync(system);
        await using (await WithoutProcessorAsync())
        {
            await stream.SendAsync(4000);
            for (var n = 1; n <= 3; n++)
            {
                await using var doomed = await ProcessorProcess.StartAsync(system, ("Consumer__BatchSize", "20"), QuicklyMissed);
                await stream.WaitForAsync(n * 500);
                await doomed.CrashAsync();
            }
        }

        await stream.AssertAllWrittenOnceAsync();
    }

    [Fact]
    public async Task Redis_may_forget_everything_at_any_time()
    {
        await using var stream = await EventStream.OpenAsync(system);
        await using var redis = await ConnectToRedisAsync();
        await stream.SendAsync(500);
        await stream.WaitForAsync(100);

        await redis.GetServers()[0].FlushAllDatabasesAsync();
        await stream.SendAgainAsync();
        await stream.WaitForAsync(stream.Sent);
        await redis.GetServers()[0].FlushAllDatabasesAsync();
        await stream.SendAsync(100);

        await stream.AssertAllWrittenOnceAsync();
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_events_wait_and_none_is_a_dead_letter()
    {
        await using var stream = await EventStream.OpenAsync(system);
        await stream.SendAsync(100);
        await stream.WaitForAsync(100);
        await using var beside = await ProcessorProcess.StartAsync(system);
        await beside.WaitForPartitionsAsync();

        await using (await WithoutDatabaseAsync(stream))
        {
            await stream.SendAsync(3000);
            await beside.WaitForLineAsync("A server does not answer");
        }

        // It leaves the group: one that is killed keeps its partitions until its session times out, and later tests would wait for them.
        Assert.Equal(0, await beside.StopAsync());
        await stream.AssertAllWrittenOnceAsync();
    }

    [Theory]
    [InlineData("kafka", "127.0.0.1:1")]
    [InlineData("redis", "127.0.0.1:1")]
    [InlineData("crm", "Host=127.0.0.1;Port=1;Username=postgres;Password=none;Database=crm")]
    public async Task A_Processor_that_starts_before_its_servers_waits_and_stops_when_it_is_told(string server, string nobody)
    {
        await using var early = await ProcessorProcess.StartAsync(system, ($"ConnectionStrings__{server}", nobody), ("Consumer__GroupId", $"group-{Guid.NewGuid():n}"));
        await early.WaitForLineAsync("Application started");
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await early.StopAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"it took {watch.Elapsed}");
    }

    /// <summary>Stops the Processor of the AppHost, and starts it in the end.</summary>
    private async Task<IAsyncDisposable> WithoutProcessorAsync()
    {
        await system.Application.ResourceCommands.ExecuteCommandAsync("processor", KnownResourceCommands.StopCommand, Cancel);
        return new End(async () =>
        {
            await system.Application.ResourceCommands.ExecuteCommandAsync("processor", KnownResourceCommands.StartCommand, CancellationToken.None);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await system.WaitUntilHealthyAsync("processor", deadline.Token);
        });
    }

    /// <summary>Breaks all connections and refuses new ones: as a stop of the server, but for its data, which have no volume here.</summary>
    private async Task<IAsyncDisposable> WithoutDatabaseAsync(EventStream stream)
    {
        var server = NpgsqlDataSource.Create((await system.Application.GetConnectionStringAsync("postgres", Cancel))!);
        var database = new NpgsqlConnectionStringBuilder((await system.Application.GetConnectionStringAsync("crm", Cancel))!).Database;
        await ExecuteAsync(server, $"alter database {database} allow_connections false");
        await ExecuteAsync(server, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'");
        return new End(async () =>
        {
            await ExecuteAsync(server, $"alter database {database} allow_connections true");
            await server.DisposeAsync();
            stream.Database.Clear();
        });
    }

    private static async Task ExecuteAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task<ConnectionMultiplexer> ConnectToRedisAsync()
    {
        var options = ConfigurationOptions.Parse((await system.Application.GetConnectionStringAsync("redis", Cancel))!);
        options.AllowAdmin = true;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    private async Task WaitForClaimsAsync(EventStream stream, ProcessorProcess processor)
    {
        await using var redis = await ConnectToRedisAsync();
        var database = redis.GetDatabase();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!redis.GetServers()[0].Keys(pattern: $"dedup:*:{stream.Name}-*").Any(key => database.StringGet(key).StartsWith("p:")))
        {
            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Nothing of {stream.Name} was claimed. The Processor's console:\n{string.Join('\n', processor.Console)}");
            }
        }
    }

    private sealed class End(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}
