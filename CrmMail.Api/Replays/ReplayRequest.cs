using System.ComponentModel.DataAnnotations;
using CrmMail.Contracts;

namespace CrmMail.Api.Replays;

/// <summary>Events that are to be read once more.</summary>
internal sealed record ReplayRequest
{
    /// <summary>What to do: `fill` (if not given) adds what is missing, `rebuild` also makes what is there what today's rules say, `verify` only tells what `rebuild` would do.</summary>
    public ReplayMode? Mode { get; init; }

    /// <summary>Which events.</summary>
    [Required]
    public ReplayRange? Range { get; init; }

    /// <summary>Only these partitions; all, or those with offsets in the range, if not given.</summary>
    public IReadOnlyList<int>? Partitions { get; init; }

    /// <summary>Only events of this account.</summary>
    public string? Account { get; init; }

    /// <summary>Only events of this name, such as `messageNew`. Not with `rebuild`: what the others tell of the same mails would be missing.</summary>
    public string? Event { get; init; }

    /// <summary>The most records per second, in all partitions together: 1 to 1,000,000. As fast as it goes if not given.</summary>
    public int? RatePerSecond { get; init; }

    /// <summary>The run pauses while live events are late by more than so many seconds: 1 to 86,400, 30 if not given.</summary>
    public int? PauseAtLagSeconds { get; init; }

    /// <summary>Whether to go on where retention has removed a part of the range.</summary>
    public bool AllowTrimmed { get; init; }

    /// <summary>Without it nothing is changed: the run only tells what it would do.</summary>
    public bool Execute { get; init; }
}

/// <summary>A range of events: everything, or from and to, by offset or by time. What is not given is open.</summary>
internal sealed record ReplayRange
{
    /// <summary>Everything that Kafka has.</summary>
    public bool All { get; init; }

    /// <summary>The first offset, by partition: `{"3": 100}`.</summary>
    public IReadOnlyDictionary<string, long>? FromOffsets { get; init; }

    /// <summary>The offset after the last one, by partition.</summary>
    public IReadOnlyDictionary<string, long>? ToOffsets { get; init; }

    /// <summary>Events of this time and later. A minute more is read on both sides, for events are not strictly in the order of their times.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Events before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Events of the last `90s`, `15m`, `1h`, `2d`, `4w`.</summary>
    public string? Since { get; init; }
}
