namespace CrmMail.Benchmarks.Suite;

/// <summary>Something that was measured, and what it is held against in the same run.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
internal sealed record Figure(string Name, double Value, string Unit)
{
    /// <summary>What <see cref="Value"/> is held against.</summary>
    public Figure? Against { get; init; }

    /// <summary>What is to be reached: a ratio where there is something to be held against, else a value.</summary>
    public Goal? Goal { get; init; }

    /// <summary><see cref="Value"/> as a multiple of what it is held against.</summary>
    public double? Ratio => Against is { Value: > 0 } against ? Value / against.Value : null;

    /// <summary>Whether the goal is reached; null without one.</summary>
    public bool? IsReached => Goal?.IsReachedBy(Ratio ?? Value);
}

/// <summary>A bound of a figure.</summary>
/// <param name="Bound">The number itself is good enough.</param>
/// <param name="IsUpper">Whether more than it is too much; else less is too little.</param>
internal sealed record Goal(double Bound, bool IsUpper = false)
{
    public bool IsReachedBy(double value) => IsUpper ? value <= Bound : value >= Bound;
}
