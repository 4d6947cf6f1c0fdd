namespace EmailEngineSimulator.Webhooks;

/// <summary>An event on its way to the receiver.</summary>
/// <param name="Id">Number of the job, in the order of queueing.</param>
/// <param name="EventId">The same over all attempts.</param>
/// <param name="Account">The account it is about.</param>
/// <param name="Event">One of <see cref="Events"/>.</param>
/// <param name="Body">The bytes that are signed and sent.</param>
/// <param name="QueuedAt">When it was queued.</param>
internal sealed record Webhook(long Id, string EventId, string Account, string Event, byte[] Body, DateTimeOffset QueuedAt)
{
    private volatile WebhookProgress _progress = new(WebhookState.Queued, [], null);

    /// <summary>Replaced as a whole by the one worker, read by anybody.</summary>
    public WebhookProgress Progress
    {
        get => _progress;
        set => _progress = value;
    }
}

internal enum WebhookState
{
    Queued,

    /// <summary>Failed, to be tried again.</summary>
    Retrying,

    /// <summary>Answered with 2xx.</summary>
    Delivered,

    /// <summary>Failed in every attempt: the event is gone.</summary>
    Failed,

    /// <summary>Never sent: webhooks are off, the event is not asked for, no address, or the account was deleted.</summary>
    Skipped,
}

/// <param name="State">Where it stands.</param>
/// <param name="Attempts">What was tried, in order.</param>
/// <param name="NextAttempt">Set while <see cref="WebhookState.Retrying"/>.</param>
internal sealed record WebhookProgress(WebhookState State, IReadOnlyList<WebhookAttempt> Attempts, DateTimeOffset? NextAttempt);

/// <param name="At">When the request began.</param>
/// <param name="Url">Where it went.</param>
/// <param name="Status">The HTTP status; null if there was no answer.</param>
/// <param name="Error">Why it counts as failed; null if it does not.</param>
internal sealed record WebhookAttempt(DateTimeOffset At, string Url, int? Status, string? Error);
