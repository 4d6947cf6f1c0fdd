using CrmMail.Contracts;

namespace CrmMail.Api.DeadLetters;

/// <summary>An order to do something with dead letters.</summary>
internal sealed record DeadLetterOrder
{
    /// <summary>Which letters; open ones, where it names no state.</summary>
    public DeadLetterFilter? Filter { get; init; }

    /// <summary>All letters of the state, and no other condition.</summary>
    public bool All { get; init; }

    /// <summary>The most letters per second: 1 to 10000, 100 if not given.</summary>
    public int? RatePerSecond { get; init; }

    /// <summary>The most letters, the oldest ones.</summary>
    public long? Limit { get; init; }

    /// <summary>Also letters that were put back 5 times.</summary>
    public bool Force { get; init; }

    /// <summary>Why, for the audit.</summary>
    public string? Note { get; init; }

    /// <summary>Do it. Without it the answer tells what would be done, and nothing is changed.</summary>
    public bool Execute { get; init; }

    public DeadLetterRunRequest ToRequest() => new()
    {
        Filter = (Filter ?? new DeadLetterFilter()) with { State = Filter?.State ?? DeadLetterState.Open },
        All = All,
        RatePerSecond = RatePerSecond ?? DeadLetterRules.DefaultRate,
        Limit = Limit,
        Force = Force,
        Note = Note,
    };
}
