using System.Text.Json.Serialization;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Webhooks;

// The `data` of each event but messageNew, members in EmailEngine's order.

/// <summary>accountAdded, accountDeleted.</summary>
internal sealed record AccountNamed(string Account);

/// <summary>accountInitialized.</summary>
internal sealed record Initialized([property: JsonPropertyName("initialized")] bool IsInitialized = true);

/// <summary>authenticationSuccess.</summary>
internal sealed record Authenticated(string User);

/// <summary>authenticationError, connectError; also <c>lastError</c> of an account.</summary>
internal sealed record ConnectionProblem(string Response, string ServerResponseCode);

/// <summary>mailboxReset.</summary>
internal sealed record FolderReset(string Path, string Name, string? SpecialUse, string UidValidity, string Reason, bool PrevUidValidity);

/// <summary>mailboxNew.</summary>
internal sealed record FolderNamed(string Path, string Name, string? SpecialUse, string UidValidity);

/// <summary>messageDeleted.</summary>
internal sealed record MessageGone(string Id, uint Uid);

/// <summary>messageUpdated.</summary>
internal sealed record MessageChanged(string Id, uint Uid, Changes Changes);

internal sealed record Changes(FlagChanges Flags);

internal sealed record FlagChanges(IReadOnlyList<string>? Added, IReadOnlyList<string>? Deleted, IReadOnlyList<string> Value);

/// <summary>The SMTP envelope: <c>To</c> has the Bcc recipients too.</summary>
internal sealed record Envelope(string From, IReadOnlyList<string> To);

/// <summary>messageSent.</summary>
internal sealed record MessageSent(
    string MessageId,
    string? OriginalMessageId,
    string Response,
    string QueueId,
    Envelope Envelope,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] object? NetworkRouting = null);

/// <summary>messageDeliveryError.</summary>
internal sealed record DeliveryError(
    string QueueId,
    Envelope Envelope,
    string MessageId,
    string Error,
    string ErrorCode,
    string? SmtpResponse,
    int? SmtpResponseCode,
    string? SmtpCommand,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] object? NetworkRouting,
    DeliveryJob Job);

internal sealed record DeliveryJob(string Id, int AttemptsMade, int Attempts, [property: JsonConverter(typeof(DateOrFalse)), JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? NextAttempt);

/// <summary>messageFailed.</summary>
internal sealed record DeliveryFailed(
    string MessageId,
    string QueueId,
    string Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] object? NetworkRouting = null);

/// <summary>messageBounce.</summary>
internal sealed record Bounced(
    string BounceMessage,
    string Recipient,
    string Action,
    BounceResponse Response,
    string Mta,
    string? MessageId,
    IReadOnlyDictionary<string, IReadOnlyList<string>> MessageHeaders);

internal sealed record BounceResponse(string Source, string Message, string Status);
