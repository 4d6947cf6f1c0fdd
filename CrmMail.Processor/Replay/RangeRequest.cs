namespace CrmMail.Processor.Replay;

/// <summary>The range that a run was asked for. Null is open; offsets count before times.</summary>
/// <param name="FromTime">Records of this time and later, by the clock of whoever produced them.</param>
/// <param name="ToTime">Records before this time.</param>
/// <param name="FromOffsets">The first offset, by partition.</param>
/// <param name="ToOffsets">The offset after the last, by partition.</param>
/// <param name="Partitions">The partitions; where neither they nor offsets are named, all.</param>
internal sealed record RangeRequest(
    DateTime? FromTime, DateTime? ToTime, IReadOnlyDictionary<int, long> FromOffsets, IReadOnlyDictionary<int, long> ToOffsets, IReadOnlyList<int>? Partitions)
{
    /// <summary>
    /// How far times reach beyond what was asked for. A record has the time of its producer, and those of several producers are not in
    /// order; to replay a few more changes nothing.
    /// </summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The partitions that are concerned, of those that there are.</summary>
    /// <exception cref="ReplayFailedException">There is no such partition.</exception>
    public IReadOnlyList<int> PartitionsOf(int count)
    {
        var named = Partitions ?? (FromOffsets.Count + ToOffsets.Count > 0 ? [.. FromOffsets.Keys.Union(ToOffsets.Keys).Order()] : [.. Enumerable.Range(0, count)]);
        return named.Any(partition => partition >= count)
            ? throw new ReplayFailedException($"There is no partition {named.Max()}: the topic has {count}.")
            : named;
    }

    /// <summary>What that is in one partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="low">Its first offset that is still there.</param>
    /// <param name="high">The offset that its next record will get.</param>
    /// <param name="atFromTime">The first offset of <see cref="FromTime"/> or later, null for none.</param>
    /// <param name="atToTime">The first offset of <see cref="ToTime"/> or later, null for none.</param>
    public PartitionRange Of(int partition, long low, long high, long? atFromTime, long? atToTime)
    {
        var from = FromOffsets.TryGetValue(partition, out var first) ? first : FromTime is null ? low : atFromTime ?? high;
        var to = Math.Min(high, ToOffsets.TryGetValue(partition, out var end) ? end : ToTime is null ? high : atToTime ?? high);
        var start = Math.Clamp(from, low, high);
        var trimmed = Math.Max(0, Math.Min(low, to) - from);
        return new PartitionRange(partition, start, Math.Max(start, to), to == high, trimmed);
    }
}

/// <summary>What a run reads of one partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="From">The first offset.</param>
/// <param name="To">The offset after the last.</param>
/// <param name="ReachesEnd">Whether there was nothing behind it when it was fixed.</param>
/// <param name="Trimmed">How many offsets before it were asked for, and are gone.</param>
internal sealed record PartitionRange(int Partition, long From, long To, bool ReachesEnd, long Trimmed);
