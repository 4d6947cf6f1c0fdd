using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Finds the first offset, the next one, or one by time.</summary>
internal sealed class ListOffsetsApi(TopicDirectory topics) : ImmediateApi(ApiKey.ListOffsets, maxVersion: 5)
{
    private const short MinServed = 1;
    private const long Latest = -1, Earliest = -2, None = -1;

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        request.ReadInt32(); // Replica id.
        if (version >= 2)
        {
            request.ReadInt8(); // Isolation level.
            response.WriteThrottleTime();
        }

        var topicCount = request.ReadArrayLength();
        response.WriteArrayLength(topicCount);
        for (; topicCount > 0; topicCount--)
        {
            var name = request.ReadString();
            var partitions = request.ReadArrayLength();
            response.WriteString(name);
            response.WriteArrayLength(partitions);
            for (; partitions > 0; partitions--)
            {
                AnswerPartition(version, name, ref request, response);
            }
        }
    }

    private void AnswerPartition(short version, string topic, ref RequestReader request, ResponseWriter response)
    {
        var partition = request.ReadInt32();
        var epoch = version >= 4 ? request.ReadInt32() : -1;
        var timestamp = request.ReadInt64();
        response.WriteInt32(partition);
        if (version < MinServed)
        {
            request.ReadInt32(); // How many offsets: version 0 is of another kind.
            response.WriteError(ErrorCode.UnsupportedVersion);
            response.WriteArrayLength(0);
            return;
        }

        var log = topics.Find(topic, partition);
        var error = log is null ? ErrorCode.UnknownTopicOrPartition : LeaderEpochs.Check(epoch);
        var (offset, time) = error == ErrorCode.None ? Find(log!, timestamp) : (None, None);
        response.WriteError(error);
        response.WriteInt64(time);
        response.WriteInt64(offset);
        if (version >= 4)
        {
            response.WriteInt32(offset == None ? -1 : PartitionLog.LeaderEpoch);
        }
    }

    private static (long Offset, long Timestamp) Find(PartitionLog log, long timestamp) => timestamp switch
    {
        Latest => (log.HighWatermark, None),
        Earliest => (log.LogStart, None),
        _ => log.FindTimestamp(timestamp) ?? (None, None),
    };
}
