using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Tells where a leader's time ended: the only one's has not.</summary>
internal sealed class OffsetForLeaderEpochApi(TopicDirectory topics) : ImmediateApi(ApiKey.OffsetForLeaderEpoch, maxVersion: 3)
{
    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        if (version >= 3)
        {
            request.ReadInt32(); // Replica id.
        }

        if (version >= 2)
        {
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
        var current = version >= 2 ? request.ReadInt32() : -1;
        var epoch = request.ReadInt32();
        var log = topics.Find(topic, partition);
        var error = log is null ? ErrorCode.UnknownTopicOrPartition : LeaderEpochs.Check(current);
        var isKnown = error == ErrorCode.None && epoch == PartitionLog.LeaderEpoch;
        response.WriteError(error);
        response.WriteInt32(partition);
        if (version >= 1)
        {
            response.WriteInt32(isKnown ? PartitionLog.LeaderEpoch : -1);
        }

        response.WriteInt64(isKnown ? log!.HighWatermark : -1);
    }
}
