using EmailEngineSimulator.Messages;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Outbox;

/// <summary>A mail that was accepted and is not delivered yet. What changes is guarded by the gate of its account.</summary>
internal sealed class QueuedMail
{
    public required string QueueId { get; init; }

    public required string Account { get; init; }

    public required Mail Mail { get; init; }

    public required Envelope Envelope { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Scheduled { get; init; }

    public required int Attempts { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>The message that is answered or forwarded.</summary>
    public MessageHandle? Reference { get; init; }

    public bool IsForward { get; init; }

    /// <summary>Whether a copy goes to the Sent folder.</summary>
    public bool KeepCopy { get; init; } = true;

    /// <summary>Where the copy goes; the account's Sent folder if null.</summary>
    public string? SentMailPath { get; init; }

    public int AttemptsMade { get; set; }

    public DateTimeOffset? NextAttempt { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public SmtpProblem? LastProblem { get; set; }
}

/// <summary>Why the SMTP server did not take a mail, in the words of EmailEngine's SMTP client.</summary>
/// <param name="Message">The whole error.</param>
/// <param name="Code">Its class, as EMESSAGE.</param>
/// <param name="Response">What the server said, if it was reached.</param>
/// <param name="ResponseCode">The number in front of it.</param>
/// <param name="Command">What the server answered to.</param>
/// <param name="IsPermanent">Whether EmailEngine gives up at once.</param>
internal sealed record SmtpProblem(string Message, string Code, string? Response, int? ResponseCode, string? Command, bool IsPermanent);
