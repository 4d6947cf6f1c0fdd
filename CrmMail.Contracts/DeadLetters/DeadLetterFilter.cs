namespace CrmMail.Contracts;

/// <summary>Which dead letters are meant: those that fulfil every condition that is given.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>One of these ids.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>What was decided about it.</summary>
    public DeadLetterState? State { get; init; }

    /// <summary>What is wrong with it.</summary>
    public DeadLetterReason? Reason { get; init; }

    /// <summary>The account that it is about.</summary>
    public string? Account { get; init; }

    /// <summary>Who told of it.</summary>
    public MailSource? Source { get; init; }

    /// <summary>The name of its event, such as `messageNew`.</summary>
    public string? Event { get; init; }

    /// <summary>The cause: 16 hex digits.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>It failed at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>It failed before this time.</summary>
    public DateTimeOffset? To { get; init; }
}
