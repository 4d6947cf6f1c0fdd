using System.Text.Json.Serialization;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Outbox;

/// <summary>A queued mail as the API lists it.</summary>
internal sealed record OutboxEntry(
    string QueueId,
    string Account,
    string Source,
    string? MessageId,
    Envelope Envelope,
    string? Subject,
    string? IdempotencyKey,
    DateTimeOffset Created,
    DateTimeOffset Scheduled,
    [property: JsonConverter(typeof(DateOrFalse)), JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? NextAttempt,
    int AttemptsMade,
    int Attempts,
    OutboxProgress Progress)
{
    public static OutboxEntry Of(QueuedMail mail) => new(
        mail.QueueId,
        mail.Account,
        "api",
        mail.Mail.MessageId,
        mail.Envelope,
        mail.Mail.Subject,
        mail.IdempotencyKey,
        mail.Created,
        mail.Scheduled,
        mail.NextAttempt,
        mail.AttemptsMade,
        mail.Attempts,
        mail.LastProblem is { } problem
            ? new OutboxProgress("error", new OutboxError(problem.Message, problem.Code, problem.ResponseCode))
            : new OutboxProgress("queued", null));
}

internal sealed record OutboxProgress(string Status, OutboxError? Error);

internal sealed record OutboxError(string Message, string Code, int? StatusCode);
