using CrmMail.Cli.Audit;

namespace CrmMail.Cli.DeadLetters;

/// <summary>A record that could not be processed.</summary>
internal record DeadLetter
{
    public required long Id { get; init; }

    public required string State { get; init; }

    public required string Reason { get; init; }

    public string? Detail { get; init; }

    public string? Fingerprint { get; init; }

    public string? Account { get; init; }

    public string? Source { get; init; }

    public string? Event { get; init; }

    public string? EventId { get; init; }

    public string? CorrelationId { get; init; }

    public string? Topic { get; init; }

    public int Partition { get; init; }

    public long Offset { get; init; }

    public int DeadLetterPartition { get; init; }

    public long DeadLetterOffset { get; init; }

    public int Attempt { get; init; }

    public int Requeues { get; init; }

    public DateTimeOffset FirstFailedAt { get; init; }

    public DateTimeOffset FailedAt { get; init; }
}

/// <summary>A dead letter and what is in it.</summary>
internal sealed record OpenedDeadLetter : DeadLetter
{
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    public string? KeyText { get; init; }

    public long? BodySize { get; init; }

    /// <summary>Null when it is no text.</summary>
    public string? Body { get; init; }

    public string? BodyBase64 { get; init; }

    /// <summary>Why its content is not there.</summary>
    public string? Error { get; init; }

    public IReadOnlyList<AuditEntry>? Audit { get; init; }
}

/// <summary>The dead letters of one cause.</summary>
internal sealed record DeadLetterCause(
    string Fingerprint, string Reason, string? Detail, long Open, long Requeued, long Discarded, long Accounts, DateTimeOffset FirstFailedAt, DateTimeOffset LastFailedAt);
