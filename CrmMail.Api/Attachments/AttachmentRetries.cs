using CrmMail.Api.EmailEngine;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Api.Attachments;

/// <summary>
/// Tries files again that could not be had when they were asked for: reads them, checks them and writes the checksum down. The activity is
/// there all the time. After the last try nobody tries any more until somebody asks.
/// </summary>
internal sealed partial class AttachmentRetries(
    AttachmentTable table, AttachmentSource source, IOptions<AttachmentOptions> options, TimeProvider time, ILogger<AttachmentRetries> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await table.TakeDueAsync(Lease, stoppingToken) is var (id, attempt))
                {
                    await RetryAsync(id, attempt, stoppingToken);
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                LogDatabaseUnavailable(exception);
            }
        }
    }

    private async Task RetryAsync(AttachmentId id, int attempt, CancellationToken stop)
    {
        using var lease = CancellationTokenSource.CreateLinkedTokenSource(stop);
        lease.CancelAfter(Lease);
        try
        {
            if (await table.FindAsync(id, stop) is not { } file)
            {
                await table.PostponeAsync(id, isLast: true, TimeSpan.Zero, "The mail has no such file.", stop);
                return;
            }

            await using var opened = await source.OpenAsync(file, lease.Token);
            var read = await opened.CopyToAsync(Stream.Null, options.Value.MaxBytes, lease.Token);
            await table.LinkAsync(id, read, options.Value.LinkFor, isAsked: false, stop);
        }
        catch (AttachmentRefusedException refused)
        {
            await table.RefuseAsync(id, refused.Refusal, isAsked: false, stop);
        }
        catch (Exception exception) when (IsFailure(exception, stop))
        {
            var isLast = attempt >= options.Value.MaxRetries;
            await table.PostponeAsync(id, isLast, DelayAfter(attempt), Describe(exception), stop);
            LogFailed(id.ActivityId, id.Position, attempt, isLast ? "nobody tries any more" : "it will be tried again");
        }
    }

    private static bool IsFailure(Exception exception, CancellationToken stop) =>
        exception is EmailEngineException or AttachmentUnavailableException or HttpRequestException or IOException
        || (exception is OperationCanceledException && !stop.IsCancellationRequested);

    private TimeSpan DelayAfter(int attempt)
    {
        var delay = options.Value.RetryDelay * Math.Pow(2, Math.Min(attempt, 20)) * (0.5 + Random.Shared.NextDouble());
        return delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>In words of this program: what a server answers may name people.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        AttachmentUnavailableException unavailable => unavailable.Message,
        EmailEngineException { Status: { } status } => $"EmailEngine answers {(int)status}.",
        EmailEngineException => "EmailEngine does not answer.",
        _ => "It broke off.",
    };

    [LoggerMessage(471, LogLevel.Warning, "File {Position} of activity {Activity} could not be had at try {Attempt}: {Outcome}.")]
    private partial void LogFailed(long activity, short position, int attempt, string outcome);

    [LoggerMessage(472, LogLevel.Warning, "Nobody tries files again while the database does not answer.")]
    private partial void LogDatabaseUnavailable(Exception exception);
}
