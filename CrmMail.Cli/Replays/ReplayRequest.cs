namespace CrmMail.Cli.Replays;

/// <summary>Events that are to be read once more.</summary>
internal sealed record ReplayRequest
{
    public string? Mode { get; init; }

    public required ReplayRange Range { get; init; }

    public IReadOnlyList<int>? Partitions { get; init; }

    public string? Account { get; init; }

    public string? Event { get; init; }

    public long? RatePerSecond { get; init; }

    public long? PauseAtLagSeconds { get; init; }

    public bool AllowTrimmed { get; init; }

    public bool Execute { get; init; }
}

/// <summary>A range of events. What is not given is open.</summary>
internal sealed record ReplayRange
{
    public bool All { get; init; }

    public IReadOnlyDictionary<string, long>? FromOffsets { get; init; }

    public IReadOnlyDictionary<string, long>? ToOffsets { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public string? Since { get; init; }
}
