namespace KafkaBroker.Groups;

/// <summary>Where a group is in Kafka's classic protocol. The names are what DescribeGroups answers.</summary>
internal enum GroupState
{
    /// <summary>No members; perhaps offsets.</summary>
    Empty,

    /// <summary>Members are (re)joining.</summary>
    PreparingRebalance,

    /// <summary>All have joined, the leader is dividing the partitions.</summary>
    CompletingRebalance,

    /// <summary>Every member has its partitions.</summary>
    Stable,

    /// <summary>Gone.</summary>
    Dead,
}
