using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>A claimed partition and what works on it.</summary>
internal sealed partial class ReplayWorker : IAsyncDisposable
{
    private readonly ReplayStore _store;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly Task _task;

    public ReplayWorker(PartitionWork work, Func<PartitionWork, Pace, CancellationToken, Task> replay, Pace pace, ReplayStore store, ILogger logger, CancellationToken stop)
    {
        (Work, Pace, _store, _logger) = (work, pace, store, logger);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _task = Task.Run(() => RunAsync(replay), CancellationToken.None);
    }

    public PartitionWork Work { get; }

    public Pace Pace { get; }

    /// <summary>Completes when the worker has ended, for whatever reason; never fails.</summary>
    public Task Ended => _task;

    /// <summary>Ends at once; a transaction in progress is rolled back.</summary>
    public void Cancel() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _task;
        _stop.Dispose();
    }

    private async Task RunAsync(Func<PartitionWork, Pace, CancellationToken, Task> replay)
    {
        var (run, partition) = (Work.Run, Work.Partition);
        LogStarted(run.Id, partition, Work.Pass, Work.Next);
        try
        {
            await replay(Work, Pace, _stop.Token);
            LogEnded(run.Id, partition, Work.Pass);
        }
        catch (Exception exception) when (exception is LeaseLostException or OperationCanceledException)
        {
            await ReleaseAsync();
        }
        catch (ReplayFailedException exception)
        {
            LogFailed(run.Id, partition, exception.Message);
            await FailAsync(exception.Message);
        }
        catch (Exception exception)
        {
            // Without its message, which may hold anything (R8).
            LogBroken(run.Id, partition, exception.GetType().Name, exception.StackTrace);
            await FailAsync($"Partition {partition} failed for a fault of the Processor: {exception.GetType().Name}. Its log tells more.");
        }
    }

    private async Task FailAsync(string error)
    {
        await TryAsync(() => _store.FailAsync(Work.Run.Id, error, CancellationToken.None));
        await ReleaseAsync();
    }

    private Task ReleaseAsync() => TryAsync(() => _store.ReleaseAsync(Work.Owner, CancellationToken.None));

    /// <summary>What cannot be told to the database now is found out by others when the lease ends.</summary>
    private async Task TryAsync(Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (NpgsqlException exception)
        {
            LogNotTold(Work.Run.Id, Work.Partition, exception.GetType().Name);
        }
    }

    [LoggerMessage(350, LogLevel.Information, "Replay {Run}, partition {Partition}: {Pass} from {Next}.")]
    private partial void LogStarted(Guid run, int partition, Contracts.ReplayPass pass, long next);

    [LoggerMessage(351, LogLevel.Information, "Replay {Run}, partition {Partition}: {Pass} is through.")]
    private partial void LogEnded(Guid run, int partition, Contracts.ReplayPass pass);

    [LoggerMessage(352, LogLevel.Error, "Replay {Run}, partition {Partition} cannot go on: {Error}")]
    private partial void LogFailed(Guid run, int partition, string error);

    [LoggerMessage(353, LogLevel.Critical, "Replay {Run}, partition {Partition} failed: {Exception}\n{StackTrace}")]
    private partial void LogBroken(Guid run, int partition, string exception, string? stackTrace);

    [LoggerMessage(354, LogLevel.Warning, "Replay {Run}, partition {Partition}: its end is not written ({Exception}); the lease will end.")]
    private partial void LogNotTold(Guid run, int partition, string exception);
}
