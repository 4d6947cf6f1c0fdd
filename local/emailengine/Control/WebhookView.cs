using System.Text;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Control;

/// <summary>A webhook in the list of the control page.</summary>
internal sealed record WebhookView(
    long Id,
    string EventId,
    string Account,
    string Event,
    DateTimeOffset QueuedAt,
    WebhookState State,
    int AttemptsMade,
    int? Status,
    string? Error,
    DateTimeOffset? NextAttempt)
{
    public static WebhookView Of(Webhook webhook)
    {
        var progress = webhook.Progress;
        var last = progress.Attempts is [.., var attempt] ? attempt : null;
        return new(webhook.Id, webhook.EventId, webhook.Account, webhook.Event, webhook.QueuedAt, progress.State, progress.Attempts.Count,
            last?.Status, last?.Error, progress.NextAttempt);
    }
}

/// <summary>A webhook with its body and every attempt.</summary>
internal sealed record WebhookDetail(WebhookView Webhook, string Body, IReadOnlyList<WebhookAttempt> Attempts)
{
    public static WebhookDetail Of(Webhook webhook) =>
        new(WebhookView.Of(webhook), Encoding.UTF8.GetString(webhook.Body), webhook.Progress.Attempts);
}
