namespace CrmMail.Contracts;

/// <summary>What a run over dead letters is to do: the column <c>dead_letter_runs.request</c>.</summary>
public sealed record DeadLetterRunRequest
{
    /// <summary>The letters that it takes.</summary>
    public DeadLetterFilter Filter { get; init; } = new();

    /// <summary>All letters in the state were asked for, and no other condition given.</summary>
    public bool All { get; init; }

    /// <summary>The most letters per second.</summary>
    public int RatePerSecond { get; init; }

    /// <summary>The most letters; null for as many as there are.</summary>
    public long? Limit { get; init; }

    /// <summary>Takes also letters that were put back as often as <see cref="DeadLetterSql.MaxRequeues"/>.</summary>
    public bool Force { get; init; }

    /// <summary>Why it was asked for, in the words of whoever did.</summary>
    public string? Note { get; init; }
}
