using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;

namespace CrmMail.Api.Messages;

/// <summary>A mail that was not sent yet.</summary>
/// <param name="QueueId">Its id in the outbox.</param>
/// <param name="MessageId">Its Message-ID, without angle brackets.</param>
/// <param name="To">All recipients, those in cc and bcc too.</param>
/// <param name="Subject">The subject.</param>
/// <param name="QueuedAt">Since when it waits.</param>
/// <param name="SendAt">When it is to be sent.</param>
/// <param name="NextAttempt">When it is tried next; null when it was given up.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastError">Why the last attempt failed.</param>
internal sealed record QueuedMessage(
    string QueueId,
    string? MessageId,
    IReadOnlyList<string> To,
    string Subject,
    DateTimeOffset? QueuedAt,
    DateTimeOffset? SendAt,
    DateTimeOffset? NextAttempt,
    int Attempts,
    string? LastError)
{
    public static QueuedMessage Of(EngineQueued queued) => new(
        queued.QueueId, MessageKey.Canonical(queued.MessageId), queued.Envelope?.To ?? [], queued.Subject ?? "",
        queued.Created, queued.Scheduled, queued.NextAttempt, queued.AttemptsMade, queued.Progress?.Error?.Message);
}
