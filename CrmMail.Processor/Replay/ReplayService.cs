using CrmMail.Processor.Batches;
using Microsoft.Extensions.Options;

namespace CrmMail.Processor.Replay;

/// <summary>
/// Looks for replays and takes part in them: plans runs that wait, claims partitions, says that it is alive, and stops what was
/// cancelled. Every Processor does the same, and the tables alone decide who does what.
/// </summary>
internal sealed partial class ReplayService(
    ReplayStore store,
    ReplayPlanner planner,
    DraftSchema drafts,
    PartitionReplay replay,
    LiveLag lag,
    TimeProvider time,
    IOptions<ReplayOptions> options,
    ILogger<ReplayService> logger) : BackgroundService
{
    // Longer than live events take to be late again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan NoticeableLag = TimeSpan.FromSeconds(1);

    private readonly List<ReplayWorker> _workers = [];
    private Task _planning = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await WaitAsync(stoppingToken);
                await RetireAsync();
                await WaitOutAsync(() => WorkAsync(stoppingToken));
            }
        }
        finally
        {
            foreach (var worker in _workers)
            {
                await worker.DisposeAsync();
            }

            await _planning;
        }
    }

    /// <summary>For the interval, or until a worker has ended: its place is taken at once.</summary>
    private async Task WaitAsync(CancellationToken stop)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny([Task.Delay(options.Value.Interval, time, woken.Token), .. _workers.Select(worker => worker.Ended)]);
        await woken.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        if (options.Value.MaxPartitions > 0 && _planning.IsCompleted)
        {
            // It asks Kafka, and nothing else is to wait for that.
            _planning = Task.Run(() => WaitOutAsync(() => store.PlanNextAsync(planner.PlanAsync, drafts, stop)), CancellationToken.None);
        }

        await PauseRunsAsync(stop);
        await RenewAsync(stop);
        await store.SettleAsync(stop);
        await drafts.DropEndedAsync(stop);
        await ClaimAsync(stop);
    }

    private async Task PauseRunsAsync(CancellationToken stop)
    {
        if (lag.Largest is var largest && largest >= NoticeableLag)
        {
            await store.PauseAsync(largest.TotalSeconds, Pause, stop);
        }
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        if (_workers.Count == 0)
        {
            return;
        }

        var kept = await store.RenewAsync([.. _workers.Select(worker => worker.Work.Owner)], options.Value.Lease, stop);
        foreach (var worker in _workers)
        {
            var (owner, isPaused, rate) = kept.Find(lease => lease.Owner == worker.Work.Owner);
            if (owner == worker.Work.Owner)
            {
                worker.Pace.Set(isPaused, rate);
            }
            else
            {
                worker.Cancel();
            }
        }
    }

    private async Task RetireAsync()
    {
        foreach (var ended in _workers.FindAll(worker => worker.Ended.IsCompleted))
        {
            await ended.DisposeAsync();
            _workers.Remove(ended);
        }
    }

    private async Task ClaimAsync(CancellationToken stop)
    {
        while (_workers.Count < options.Value.MaxPartitions && await store.ClaimAsync(options.Value.Lease, stop) is { } work)
        {
            var pace = new Pace(time);
            pace.Set(isPaused: false, work.RecordsPerSecond);
            _workers.Add(new ReplayWorker(work, replay.RunAsync, pace, store, logger, stop));
        }
    }

    /// <summary>A server that is away is tried again at the next tick.</summary>
    private async Task WaitOutAsync(Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
        catch (Exception exception) when (Outages.IsOutage(exception))
        {
            LogWaiting(exception.GetType().Name);
        }
    }

    [LoggerMessage(355, LogLevel.Warning, "A server does not answer ({Exception}); replays are tried again.")]
    private partial void LogWaiting(string exception);
}
