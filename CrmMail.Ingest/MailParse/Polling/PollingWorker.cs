using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>Reads every configured inbox again and again, each for itself. Without a base URL it does nothing.</summary>
internal sealed partial class PollingWorker(
    InboxReader reader, IOptions<PollingOptions> options, TimeProvider time, ILogger<PollingWorker> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.BaseUrl is null)
        {
            return Task.CompletedTask;
        }

        LogStarted(options.Value.Inboxes.Count, options.Value.Interval);
        return Task.WhenAll(options.Value.Inboxes.Select((name, position) =>
            MailParseInbox.TryParse(name, out var inbox) ? ReadAsync(inbox, position, stoppingToken) : Task.CompletedTask));
    }

    private async Task ReadAsync(MailParseInbox inbox, int position, CancellationToken stoppingToken)
    {
        var isFailing = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.Interval;
            try
            {
                pause = await reader.ReadNextAsync(inbox, position, stoppingToken);
                isFailing = false;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // The database is away, as a rule. Webhooks are taken without it; said once for each pause.
                if (!isFailing)
                {
                    isFailing = true;
                    LogInterrupted(exception, position);
                }
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }

    [LoggerMessage(410, LogLevel.Information, "{Inboxes} inboxes of MailParse are read, each every {Interval}")]
    private partial void LogStarted(int inboxes, TimeSpan interval);

    [LoggerMessage(411, LogLevel.Warning, "Inbox {Position} of MailParse:Polling:Inboxes is not read: the table of the cursors does not answer")]
    private partial void LogInterrupted(Exception exception, int position);
}
