using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using Npgsql;

namespace CrmMail.Processor.Privacy;

/// <summary>Looks for runs that apply levels to what is stored, and does them one after the other: of all Processors one at a time, whoever is first.</summary>
internal sealed partial class StorageRunWorker(NpgsqlDataSource database, Outages outages, TimeProvider time, ILogger<StorageRunWorker> logger) : BackgroundService
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
        var runner = new StorageRunner(connection);
        if (!await runner.TryLockAsync(stop))
        {
            return 0;
        }

        try
        {
            var count = 0;
            for (; await runner.TakeAsync(stop) is { } run; count++)
            {
                await WorkAsync(run, runner, stop);
            }

            return count;
        }
        finally
        {
            await runner.UnlockAsync();
        }
    }

    private async Task WorkAsync(StorageRun run, StorageRunner runner, CancellationToken stop)
    {
        LogBegun(run.Id);
        try
        {
            for (var rest = run; rest is not null;)
            {
                rest = await runner.StepAsync(rest, stop);
            }

            await runner.EndAsync(run, RunState.Completed, null, stop);
            LogEnded(run.Id);
        }
        catch (Exception fault) when (fault is not OperationCanceledException && !Outages.IsOutage(fault))
        {
            LogFailed(run.Id, fault);
            await runner.EndAsync(run, RunState.Failed, $"It cannot go on: {fault.GetType().Name}.", stop);
        }
    }

    [LoggerMessage(370, LogLevel.Information, "The run {Run} over what is stored begins, or goes on.")]
    private partial void LogBegun(Guid run);

    [LoggerMessage(371, LogLevel.Information, "The run {Run} over what is stored has ended.")]
    private partial void LogEnded(Guid run);

    [LoggerMessage(372, LogLevel.Error, "The run {Run} over what is stored cannot go on.")]
    private partial void LogFailed(Guid run, Exception exception);
}
