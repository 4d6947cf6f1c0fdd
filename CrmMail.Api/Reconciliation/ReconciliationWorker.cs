using System.Net;
using Confluent.Kafka;
using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Api.Reconciliation;

/// <summary>Looks for runs and does them: of one account one at a time, whichever Api is first. A server that is away lets a run wait, and others go on.</summary>
internal sealed partial class ReconciliationWorker(
    NpgsqlDataSource database, ReconciliationRunner runner, IOptions<ReconciliationOptions> options, TimeProvider time, ILogger<ReconciliationWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Parallel).Select(_ => WatchAsync(stoppingToken)));

    private async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await WorkAsync(stop);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                LogDatabaseUnavailable(exception);
            }
        }
    }

    /// <summary>Does all runs that there are.</summary>
    private async Task WorkAsync(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        var runs = new ReconciliationTable(connection);
        while (await runs.TakeAsync(stop) is { } run)
        {
            try
            {
                await WorkAsync(run, runs, stop);
            }
            finally
            {
                await runs.UnlockAsync(run.Account);
            }
        }
    }

    private async Task WorkAsync(Reconciliation run, ReconciliationTable runs, CancellationToken stop)
    {
        LogBegun(run.Id, run.Cause, run.FoldersDone);
        try
        {
            if (await runner.RunAsync(run, runs, stop))
            {
                await runs.EndAsync(run, RunState.Completed, null, stop);
            }

            LogEnded(run.Id);
        }
        catch (EmailEngineException exception) when (exception.IsUnknownAccount)
        {
            await EndAsync(run, runs, "EmailEngine has no such account.", stop);
        }
        catch (EmailEngineException exception) when (exception.BlamesMailbox)
        {
            var away = await runs.PostponeAsync(run, exception.RetryAfter ?? TimeSpan.Zero, true, "The mailbox is not connected.", stop);
            if (away >= options.Value.GiveUpAfter)
            {
                await EndAsync(run, runs, $"The mailbox was not connected for {options.Value.GiveUpAfter}.", stop);
            }
        }
        catch (EmailEngineException exception) when (IsRefusal(exception))
        {
            await EndAsync(run, runs, $"EmailEngine refuses what it is asked for: {(int)exception.Status!} {exception.Error?.Code}.", stop);
        }
        catch (EmailEngineException exception)
        {
            await PostponeAsync(run, runs, "EmailEngine does not answer.", exception, exception.RetryAfter ?? TimeSpan.Zero, stop);
        }
        catch (KafkaException exception)
        {
            await PostponeAsync(run, runs, "Kafka does not answer.", exception, TimeSpan.Zero, stop);
        }
        catch (Exception exception) when (IsUnforeseen(exception))
        {
            LogUnforeseen(exception, run.Id);
            await EndAsync(run, runs, "It failed for a reason that the log of the Api tells.", stop);
        }
    }

    /// <summary>Anything but a database that is away or an Api that stops. One run must not keep others from being done.</summary>
    private static bool IsUnforeseen(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState[..2] is "22" or "23",
        NpgsqlException or TimeoutException or OperationCanceledException => false,
        _ => true,
    };

    /// <summary>Whether the same call would be refused again.</summary>
    private static bool IsRefusal(EmailEngineException exception) =>
        exception.Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            and not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private async Task PostponeAsync(Reconciliation run, ReconciliationTable runs, string reason, Exception exception, TimeSpan atLeast, CancellationToken stop)
    {
        LogPostponed(run.Id, reason, exception.Message);
        await runs.PostponeAsync(run, atLeast, false, reason, stop);
    }

    private async Task EndAsync(Reconciliation run, ReconciliationTable runs, string error, CancellationToken stop)
    {
        LogFailed(run.Id, error);
        await runs.EndAsync(run, RunState.Failed, error, stop);
    }

    [LoggerMessage(440, LogLevel.Information, "Reconciliation {Run} ({Cause}) begins, or goes on after {FoldersDone} folders.")]
    private partial void LogBegun(Guid run, ReconciliationCause cause, int foldersDone);

    [LoggerMessage(441, LogLevel.Information, "Reconciliation {Run} has ended.")]
    private partial void LogEnded(Guid run);

    [LoggerMessage(442, LogLevel.Warning, "Reconciliation {Run} waits: {Reason} ({Error})")]
    private partial void LogPostponed(Guid run, string reason, string error);

    [LoggerMessage(443, LogLevel.Error, "Reconciliation {Run} cannot go on: {Error}")]
    private partial void LogFailed(Guid run, string error);

    [LoggerMessage(445, LogLevel.Error, "Reconciliation {Run} failed.")]
    private partial void LogUnforeseen(Exception exception, Guid run);

    [LoggerMessage(444, LogLevel.Warning, "Nobody looks for reconciliations while the database does not answer.")]
    private partial void LogDatabaseUnavailable(Exception exception);
}
