using KafkaBroker.Protocol;
using KafkaBroker.Storage;

namespace KafkaBroker.Apis;

/// <summary>What a client believes of the leader.</summary>
internal static class LeaderEpochs
{
    /// <param name="epoch">As the client has it; -1 when it has none.</param>
    public static ErrorCode Check(int epoch) =>
        epoch is -1 or PartitionLog.LeaderEpoch ? ErrorCode.None
        : epoch < PartitionLog.LeaderEpoch ? ErrorCode.FencedLeaderEpoch
        : ErrorCode.UnknownLeaderEpoch;
}
