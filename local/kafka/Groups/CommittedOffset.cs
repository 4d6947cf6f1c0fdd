namespace KafkaBroker.Groups;

/// <summary>How far a group is in a partition.</summary>
/// <param name="Offset">The next record to read.</param>
/// <param name="LeaderEpoch">As the consumer gave it; -1 for none.</param>
/// <param name="Metadata">As the consumer gave it.</param>
/// <param name="CommittedAt">Unix milliseconds.</param>
internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string? Metadata, long CommittedAt);

/// <summary>A partition by name.</summary>
internal readonly record struct TopicPartition(string Topic, int Partition);
