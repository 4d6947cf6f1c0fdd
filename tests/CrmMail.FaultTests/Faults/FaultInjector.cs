using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CrmMail.FaultTests.Invariants;

namespace CrmMail.FaultTests.Faults;

/// <summary>Does faults to the system, heals them, and keeps a record.</summary>
internal sealed class FaultInjector(MailSystem system, DatabaseProxy proxy, BrokerDisk? disk, Stopwatch watch)
{
    /// <summary>More than health checks and housekeeping could be.</summary>
    private const int BlockedBatches = 4;

    private static readonly TimeSpan BlockDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HealDeadline = TimeSpan.FromSeconds(60);

    private readonly RedisAdministrator _redis = new(system);
    private readonly ConcurrentQueue<string> _record = new();

    /// <summary>What was done, line by line.</summary>
    public IReadOnlyCollection<string> Record => _record;

    /// <summary>Services that ended although nobody ended them.</summary>
    public List<Violation> Deaths { get; } = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Does one fault after another, for the time or until there are no more, and leaves the system as it was.</summary>
    public async Task DoAsync(IEnumerable<Fault> schedule, TimeSpan duration)
    {
        await _redis.KeepSnapshotAsync();
        var end = watch.Elapsed + duration;
        using var faults = schedule.GetEnumerator();
        while (watch.Elapsed < end && faults.MoveNext())
        {
            await DoTogetherAsync(faults);
            await ReviveAsync();
        }

        Write(watch.Elapsed, "healed");
    }

    /// <summary>Does the fault that is next, and the one after it at the same time if that is meant and strikes others.</summary>
    private async Task DoTogetherAsync(IEnumerator<Fault> faults)
    {
        var first = faults.Current;
        await Task.Delay(first.After, Cancel);
        var doing = DoAsync(first);
        if (first.IsWithNext && faults.MoveNext() && faults.Current is var second)
        {
            if (second.Targets.Intersect(first.Targets).Any())
            {
                await doing;
            }

            await Task.WhenAll(doing, DoAsync(second));
        }

        await doing;
    }

    private async Task DoAsync(Fault fault)
    {
        var begin = watch.Elapsed;
        var said = await (fault.Kind switch
        {
            FaultKind.KillIngest => KillAsync(MailSystem.Ingest, fault),
            FaultKind.KillProcessor => KillAsync(Pick(fault), fault),
            FaultKind.KillProcessorInBatch => KillInBatchAsync(Pick(fault), fault),
            FaultKind.KillKafka => KillAsync(MailSystem.Kafka, fault),
            FaultKind.KillRedis => KillAsync(MailSystem.Redis, fault),
            FaultKind.KillPostgres => KillAsync(MailSystem.Postgres, fault),
            FaultKind.RestartPostgresAtOnce => KillAsync(MailSystem.Postgres, fault, ServerProcess.Quit),
            FaultKind.FreezeProcessor => FreezeAsync(Pick(fault), fault),
            FaultKind.FreezeKafka => FreezeAsync(MailSystem.Kafka, fault),
            FaultKind.FreezeRedis => FreezeAsync(MailSystem.Redis, fault),
            FaultKind.FreezePostgres => FreezeAsync(MailSystem.Postgres, fault),
            FaultKind.FlushRedis => FlushRedisAsync(),
            FaultKind.RestoreOldRedis => RestoreOldRedisAsync(fault),
            FaultKind.CutCommits => CutCommitsAsync(fault),
            FaultKind.FillKafkaDisk => FillDiskAsync(fault),
            FaultKind.OneProcessor => ScaleAsync(1),
            FaultKind.TwoProcessors => ScaleAsync(2),
            FaultKind.ThreeProcessors => ScaleAsync(3),
            _ => throw new InvalidOperationException($"No rule for {fault.Kind}."),
        });
        Write(begin, $"{fault.Kind}: {said}");
    }

    /// <summary>One of the Processors that run.</summary>
    private string Pick(Fault fault)
    {
        var running = MailSystem.Processors.Where(system.Wanted.Contains).ToList();
        return running[fault.Choice % running.Count];
    }

    private async Task<string> KillAsync(string resource, Fault fault, int signal = ServerProcess.Kill)
    {
        await system.CrashAsync(resource, signal, Cancel);
        await Task.Delay(fault.For, Cancel);
        return await StartAsync(resource, $"signal {signal} to {resource}, away for {Seconds(fault.For)}");
    }

    private async Task<string> KillInBatchAsync(string processor, Fault fault)
    {
        ServerProcess.SignalAll(MailSystem.Postgres, ServerProcess.Stop);
        try
        {
            await proxy.WaitForUnansweredAsync(BlockedBatches, BlockDeadline, Cancel);
            await system.CrashAsync(processor, ServerProcess.Kill, Cancel);
        }
        finally
        {
            ServerProcess.SignalAll(MailSystem.Postgres, ServerProcess.Continue);
        }

        await Task.Delay(fault.For, Cancel);
        return await StartAsync(processor, $"signal {ServerProcess.Kill} to {processor} while PostgreSQL stood still and batches were claimed, away for {Seconds(fault.For)}");
    }

    private static async Task<string> FreezeAsync(string resource, Fault fault)
    {
        ServerProcess.SignalAll(resource, ServerProcess.Stop);
        try
        {
            await Task.Delay(fault.For, Cancel);
        }
        finally
        {
            ServerProcess.SignalAll(resource, ServerProcess.Continue);
        }

        return $"{resource} for {Seconds(fault.For)}";
    }

    private async Task<string> FlushRedisAsync()
    {
        await _redis.FlushAsync();
        return "all keys";
    }

    private async Task<string> RestoreOldRedisAsync(Fault fault)
    {
        await system.CrashAsync(MailSystem.Redis, ServerProcess.Kill, Cancel);
        await Task.Delay(fault.For, Cancel);
        _redis.Restore();
        var said = await StartAsync(MailSystem.Redis, $"signal {ServerProcess.Kill} to redis, its snapshot from before put back");
        _redis.Forget();
        await _redis.KeepSnapshotAsync();
        return said;
    }

    private async Task<string> CutCommitsAsync(Fault fault)
    {
        var (before, after) = await proxy.CutCommitsAsync(fault.For, Cancel);
        return $"for {Seconds(fault.For)}, {before} connections before the commit reached PostgreSQL and {after} after it was done";
    }

    private async Task<string> FillDiskAsync(Fault fault)
    {
        if (disk is null)
        {
            return "left out: no disk for the broker alone can be mounted here";
        }

        disk.Fill();
        long left;
        try
        {
            await Task.Delay(fault.For, Cancel);
            left = disk.FreeBytes;
        }
        finally
        {
            disk.Free();
        }

        return await HealDiskAsync($"for {Seconds(fault.For)}, {left} bytes were left");
    }

    /// <summary>The broker of this repository goes on by itself. Apache's ends when it cannot write, and has to be started again.</summary>
    private async Task<string> HealDiskAsync(string said)
    {
        for (var begin = watch.Elapsed; watch.Elapsed - begin < HealDeadline;)
        {
            if (system.HasDied(MailSystem.Kafka))
            {
                return await StartAsync(MailSystem.Kafka, $"{said}, the broker had ended");
            }

            if (await BrokerProbe.CanWriteAsync(system.KafkaServers, Cancel))
            {
                return $"{said}, the broker went on and wrote again {Seconds(watch.Elapsed - begin)} after there was room";
            }
        }

        throw new TimeoutException($"The broker has room and still writes nothing after {Seconds(HealDeadline)}.");
    }

    private async Task<string> ScaleAsync(int count)
    {
        foreach (var (n, processor) in MailSystem.Processors.Index())
        {
            if (n < count && !system.Wanted.Contains(processor))
            {
                await system.StartAsync(processor, Cancel);
            }
            else if (n >= count && system.Wanted.Contains(processor))
            {
                await system.StopAsync(processor, Cancel);
            }
        }

        return $"now {count}";
    }

    private async Task<string> StartAsync(string resource, string said)
    {
        var begin = watch.Elapsed;
        await system.StartAsync(resource, Cancel);
        return $"{said}, healthy {Seconds(watch.Elapsed - begin)} after its start";
    }

    /// <summary>Does what an orchestrator does with a service that has ended by itself.</summary>
    private async Task ReviveAsync()
    {
        foreach (var resource in system.Wanted.Where(system.HasDied))
        {
            var death = $"{resource} had ended by itself: {system.Describe(resource)}";
            Deaths.Add(new(Invariant.ServicesOutlastFaults, death));
            Write(watch.Elapsed, death);
            await system.StartAsync(resource, Cancel);
        }
    }

    private void Write(TimeSpan at, string line) => _record.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,7:0.0} s  {line}"));

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
