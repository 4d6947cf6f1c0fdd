using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using Npgsql;

namespace CrmMail.Processor.DeadLetters;

/// <summary>Looks for runs over dead letters, and does them one after the other: of all Processors one at a time, whoever is first.</summary>
internal sealed partial class DeadLetterRunWorker(
    NpgsqlDataSource database, DeadLetterRunner runner, Outages outages, TimeProvider time, ILogger<DeadLetterRunWorker> logger) : BackgroundService
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
        var runs = new DeadLetterRunTable(connection);
        if (!await runs.TryLockAsync(stop))
        {
            return 0;
        }

        try
        {
            var count = 0;
            for (; await runs.TakeAsync(stop) is { } run; count++)
            {
                await WorkAsync(run, runs, stop);
            }

            return count;
        }
        finally
        {
            await runs.UnlockAsync();
        }
    }

    private async Task WorkAsync(DeadLetterRun run, DeadLetterRunTable runs, CancellationToken stop)
    {
        LogBegun(run.Id, run.Action, run.Handled);
        try
        {
            if (await runner.RunAsync(run, runs, stop))
            {
                await runs.EndAsync(run, RunState.Completed, null, stop);
            }

            LogEnded(run.Id);
        }
        catch (Exception fault) when (IsFaultOfTheRun(fault))
        {
            LogFailed(run.Id, fault);
            await runs.EndAsync(run, RunState.Failed, $"It cannot go on: {fault.GetType().Name}.", stop);
        }
    }

    /// <summary>Not an outage, which is waited for, and not a producer that is beyond repair, with which no run would go on: the Processor ends.</summary>
    private static bool IsFaultOfTheRun(Exception exception) =>
        exception is not OperationCanceledException and not KafkaException { Error.IsFatal: true } && !Outages.IsOutage(exception);

    [LoggerMessage(350, LogLevel.Information, "The run {Run} over dead letters begins ({Action}); {Handled} letters are handled already.")]
    private partial void LogBegun(Guid run, DeadLetterAction action, long handled);

    [LoggerMessage(351, LogLevel.Information, "The run {Run} over dead letters has ended.")]
    private partial void LogEnded(Guid run);

    [LoggerMessage(352, LogLevel.Error, "The run {Run} over dead letters cannot go on.")]
    private partial void LogFailed(Guid run, Exception exception);
}
