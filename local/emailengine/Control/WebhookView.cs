using System.Text;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Control;

/// <summary>A webhook as the control page shows it.</summary>
internal sealed record WebhookView(
    long Id,
    string EventId,
    string Account,
    string Event,
    DateTimeOffset QueuedAt,
    WebhookState State,
    int AttemptsMade,
    DateTimeOffset? NextAttempt,
    IReadOnlyList<WebhookAttempt> Attempts,
    string Body)
{
    public static WebhookView Of(Webhook webhook)
    {
        var progress = webhook.Progress;
        return new(webhook.Id, webhook.EventId, webhook.Account, webhook.Event, webhook.QueuedAt, progress.State, progress.Attempts.Count,
            progress.NextAttempt, progress.Attempts, Encoding.UTF8.GetString(webhook.Body));
    }
}
