using System.ComponentModel.DataAnnotations;

namespace CrmMail.Processor.Replay;

/// <summary>How much of a Processor a replay may take: the section <c>Replay</c>. Read once, at the start.</summary>
internal sealed class ReplayOptions
{
    public const string Section = "Replay";

    /// <summary>The most events that are written in one transaction. More than of live events, for nobody waits for them; with many more, collecting garbage costs what fewer transactions spare.</summary>
    [Range(1, 50_000)]
    public int BatchSize { get; set; } = 1000;

    /// <summary>The most bytes of bodies in one transaction, but for its last event.</summary>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxBatchBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many partitions this Processor replays at once, of all runs together. 0: none. More take memory, and are faster only where there are more cores.</summary>
    [Range(0, 1000)]
    public int MaxPartitions { get; set; } = 2;

    /// <summary>How often the Processor looks for work, says that it is alive, and learns that a run was cancelled.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:05")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a partition stays with a Processor that no longer says that it is alive.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(20);
}
