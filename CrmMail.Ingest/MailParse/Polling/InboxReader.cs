using CrmMail.Contracts;
using CrmMail.Ingest.Telemetry;
using CrmMail.Ingest.Webhooks;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>
/// Reads a page of an inbox into the same topic, with the same event ids, as the webhooks. The cursor moves once the broker has
/// acknowledged all of the page: what was read twice is known by its event ids, and nothing is passed over.
/// </summary>
internal sealed partial class InboxReader(
    ListingClient listing,
    IPollingCursors cursors,
    WebhookIntake intake,
    IngestMetrics metrics,
    IOptions<PollingOptions> options,
    ILogger<InboxReader> logger)
{
    // Enough to make the shortest interval the longest pause, and the largest page one mail.
    private const int MostDoublings = 10;

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(15);

    // MailParse may ask for more; a wrong clock shall not silence an inbox for good.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    private readonly TimeSpan _interval = options.Value.Interval;
    private readonly int _pageSize = options.Value.PageSize;

    /// <summary>Reads the next page of an inbox, unless another replica does or its time has not come.</summary>
    /// <param name="inbox">Whose mails.</param>
    /// <param name="position">Which of the configured inboxes it is, for the log.</param>
    /// <param name="cancellationToken">Ends the reading; a page that is being stored is stored.</param>
    /// <returns>How long to wait before the next.</returns>
    public async Task<TimeSpan> ReadNextAsync(MailParseInbox inbox, int position, CancellationToken cancellationToken)
    {
        await using var held = await cursors.TryHoldAsync(inbox, cancellationToken);
        if (held is null)
        {
            return _interval;
        }

        var (next, pause) = await ReadPageAsync(inbox, position, held.Position, cancellationToken);
        await held.MoveAsync(next, pause, cancellationToken);
        return pause;
    }

    private async Task<(InboxPosition Next, TimeSpan Pause)> ReadPageAsync(
        MailParseInbox inbox, int position, InboxPosition from, CancellationToken cancellationToken)
    {
        try
        {
            var page = await listing.ReadAsync(inbox, from.Cursor, PageSizeAfter(from.Failures), cancellationToken);
            if (await StoreAsync(inbox, page.Mails) is { } refusal)
            {
                metrics.Polled(PollOutcome.NotStored, 0);
                LogNotStored(position, refusal.Name);
                return (from.Failed(), BackOff(from.Failures));
            }

            metrics.Polled(PollOutcome.Read, page.Mails.Count);
            return (from.After(page), page.HasMore ? TimeSpan.Zero : _interval);
        }
        catch (ListingException failed) when (failed.IsCursorGone)
        {
            metrics.Polled(PollOutcome.Failed, 0);
            LogCursorGone(position);
            return (new InboxPosition(null, 0), failed.RetryAfter is { } asked ? Bounded(asked) : TimeSpan.Zero);
        }
        catch (ListingException failed)
        {
            var pause = failed.RetryAfter is { } asked ? Bounded(asked) : BackOff(from.Failures);
            metrics.Polled(PollOutcome.Failed, 0);
            LogFailed(position, failed.Message, pause);
            return (from.Failed(), pause);
        }
    }

    /// <summary>Null when the broker has all of them, else why not.</summary>
    private async Task<WebhookAnswer?> StoreAsync(MailParseInbox inbox, IReadOnlyList<byte[]> mails)
    {
        var pending = new Task<WebhookAnswer>[mails.Count];
        for (var i = 0; i < pending.Length; i++)
        {
            pending[i] = intake.TakeAsync(MailSource.MailParse, MailParseEvent.In(inbox), PayloadIdentity.Of(mails[i]), mails[i]).AsTask();
        }

        var answers = await Task.WhenAll(pending);
        return Array.Find(answers, static answer => answer != WebhookAnswer.Accepted);
    }

    /// <summary>Half as many mails after each failure, down to one: a page that is too large or takes too long gets smaller.</summary>
    private int PageSizeAfter(int failures) => Math.Max(1, _pageSize >> Math.Min(failures, MostDoublings));

    /// <summary>Twice as long after each failure, and apart from others that failed together.</summary>
    private TimeSpan BackOff(int failures)
    {
        var pause = _interval * Math.Pow(2, Math.Min(failures, MostDoublings));
        pause = pause < LongestBackOff ? pause : TimeSpan.FromTicks(Math.Max(LongestBackOff.Ticks, _interval.Ticks));
        return pause * (0.8 + (0.4 * Random.Shared.NextDouble()));
    }

    private static TimeSpan Bounded(TimeSpan asked) =>
        asked < TimeSpan.Zero ? TimeSpan.Zero : asked < LongestRetryAfter ? asked : LongestRetryAfter;

    [LoggerMessage(400, LogLevel.Warning, "Inbox {Position} of MailParse:Polling:Inboxes: {Reason}. It is read again in {Pause}")]
    private partial void LogFailed(int position, string reason, TimeSpan pause);

    [LoggerMessage(401, LogLevel.Warning, "Inbox {Position} of MailParse:Polling:Inboxes: a page could not be stored ({Reason}). It is read again")]
    private partial void LogNotStored(int position, string reason);

    [LoggerMessage(402, LogLevel.Warning, "Inbox {Position} of MailParse:Polling:Inboxes: MailParse no longer knows where the reading stood. It is read from its beginning")]
    private partial void LogCursorGone(int position);
}
