using System.Threading.Channels;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Control;
using EmailEngineSimulator.Settings;
using EmailEngineSimulator.Time;

namespace EmailEngineSimulator.Webhooks;

/// <summary>
/// One worker sends webhooks one after the other. A failed one goes to the end of the queue after its delay, so retries change the order, as in EmailEngine.
/// </summary>
internal sealed class WebhookQueue(
    WebhookSender sender,
    AccountDirectory accounts,
    EngineSettings settings,
    Switches switches,
    DelayedWork delayed,
    Pace pace,
    TimeProvider time) : BackgroundService
{
    private readonly Channel<Webhook> _ready = Channel.CreateUnbounded<Webhook>(new UnboundedChannelOptions { SingleReader = true });
    private readonly WebhookHistory _history = new();
    private long _lastId;

    /// <summary>The last webhooks, newest first.</summary>
    public IReadOnlyList<Webhook> Last(int count) => _history.Last(count);

    public Webhook? Find(long id) => _history.Find(id);

    /// <summary>How many wait for the worker, and how many for their next attempt.</summary>
    public (int Waiting, int Delayed) Counts() => (_history.Count(WebhookState.Queued), _history.Count(WebhookState.Retrying));

    /// <param name="account">The account it is about.</param>
    /// <param name="eventName">One of <see cref="Events"/>.</param>
    /// <param name="body">The bytes to send.</param>
    /// <param name="eventId">Given when an event is sent once more.</param>
    public Webhook Enqueue(string account, string eventName, byte[] body, string? eventId = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var webhook = new Webhook(id, eventId ?? Guid.NewGuid().ToString(), account, eventName, body, time.GetUtcNow());
        _history.Add(webhook);
        _ready.Writer.TryWrite(webhook);
        return webhook;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var webhook in _ready.Reader.ReadAllAsync(stoppingToken))
        {
            await ProcessAsync(webhook, stoppingToken);
        }
    }

    private async Task ProcessAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var account = accounts.Find(webhook.Account);
        var url = account?.Webhooks ?? settings.Webhooks;
        if (url is null || !IsWanted(webhook, account))
        {
            webhook.Progress = webhook.Progress with { State = WebhookState.Skipped, NextAttempt = null };
            return;
        }

        var attemptsMade = webhook.Progress.Attempts.Count;
        var attempt = switches.ReceiverDown
            ? new WebhookAttempt(time.GetUtcNow(), url, null, "connect ECONNREFUSED (simulated outage)")
            : await sender.SendAsync(webhook, attemptsMade, url, account, cancellationToken);
        webhook.Progress = After(webhook, attempt, attemptsMade + 1);
    }

    private bool IsWanted(Webhook webhook, Account? account)
    {
        if ((account is null && webhook.Event != Events.AccountDeleted) || !settings.WebhooksEnabled)
        {
            return false;
        }

        var events = settings.WebhookEvents;
        return events.Contains("*") || events.Contains(webhook.Event);
    }

    private WebhookProgress After(Webhook webhook, WebhookAttempt attempt, int attemptsMade)
    {
        IReadOnlyList<WebhookAttempt> attempts = [.. webhook.Progress.Attempts, attempt];
        if (attempt.Error is null)
        {
            return new(WebhookState.Delivered, attempts, null);
        }

        if (attemptsMade >= Pace.WebhookAttempts)
        {
            return new(WebhookState.Failed, attempts, null);
        }

        var delay = pace.Retry(attemptsMade);
        delayed.After(delay, () => _ready.Writer.TryWrite(webhook));
        return new(WebhookState.Retrying, attempts, time.GetUtcNow() + delay);
    }
}
