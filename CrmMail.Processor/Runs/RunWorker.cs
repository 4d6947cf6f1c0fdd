using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using Npgsql;

namespace CrmMail.Processor.Runs;

/// <summary>Looks for runs of one kind, and does them one after the other: of all Processors one at a time, whoever is first.</summary>
internal abstract class RunWorker<TRun, TTable>(NpgsqlDataSource database, Outages outages, TimeProvider time) : BackgroundService
    where TRun : class
    where TTable : IRunTable<TRun>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await outages.OutlastAsync(() => WorkAsync(stoppingToken), stoppingToken);
        }
    }

    /// <summary>Does all runs that there are.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> WorkAsync(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        var runs = Open(connection);
        await using var held = await runs.TryLockAsync(stop);
        var count = 0;
        for (; held is not null && await runs.TakeAsync(stop) is { } run; count++)
        {
            await WorkAsync(run, runs, stop);
        }

        return count;
    }

    /// <summary>The runs, over a connection that is used for nothing else.</summary>
    protected abstract TTable Open(NpgsqlConnection connection);

    /// <summary>Does what is left of a run.</summary>
    /// <returns>Whether it came to its end; false when somebody has cancelled it.</returns>
    protected abstract Task<bool> RunAsync(TRun run, TTable runs, CancellationToken stop);

    protected abstract void Begun(TRun run);

    protected abstract void Ended(TRun run);

    protected abstract void Failed(TRun run, Exception fault);

    private async Task WorkAsync(TRun run, TTable runs, CancellationToken stop)
    {
        Begun(run);
        try
        {
            if (await RunAsync(run, runs, stop))
            {
                await runs.EndAsync(run, RunState.Completed, null, stop);
            }

            Ended(run);
        }
        catch (Exception fault) when (IsFaultOfTheRun(fault))
        {
            Failed(run, fault);
            await runs.EndAsync(run, RunState.Failed, $"It cannot go on: {fault.GetType().Name}.", stop);
        }
    }

    /// <summary>Not an outage, which is waited for, and not a producer that is beyond repair, with which no run would go on: the Processor ends.</summary>
    private static bool IsFaultOfTheRun(Exception exception) =>
        exception is not OperationCanceledException and not KafkaException { Error.IsFatal: true } && !Outages.IsOutage(exception);
}
