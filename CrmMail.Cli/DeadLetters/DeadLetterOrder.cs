namespace CrmMail.Cli.DeadLetters;

/// <summary>Which dead letters are meant: those that fulfil every condition that is given.</summary>
internal sealed record DeadLetterFilter
{
    public IReadOnlyList<long>? Ids { get; init; }

    public string? State { get; init; }

    public string? Reason { get; init; }

    public string? Account { get; init; }

    public string? Source { get; init; }

    public string? Event { get; init; }

    public string? Fingerprint { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }
}

/// <summary>What is to be done with dead letters.</summary>
internal sealed record DeadLetterOrder
{
    /// <summary>Null where all are meant.</summary>
    public DeadLetterFilter? Filter { get; init; }

    public bool All { get; init; }

    public long? RatePerSecond { get; init; }

    public long? Limit { get; init; }

    public bool Force { get; init; }

    public string? Note { get; init; }

    public bool Execute { get; init; }
}

/// <summary>What an order would do.</summary>
internal sealed record DeadLetterPlan(long Matches, long Requeueable, long Withheld, IReadOnlyList<ReasonCount>? ByReason);

/// <summary>How many letters have a reason.</summary>
internal sealed record ReasonCount(string Reason, long Count);

/// <summary>An order that is carried out.</summary>
internal sealed record AcceptedDeadLetterOrder(DeadLetterRun Run);
