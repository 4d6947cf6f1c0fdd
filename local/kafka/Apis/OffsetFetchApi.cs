using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Apis;

/// <summary>Tells how far a group is.</summary>
internal sealed class OffsetFetchApi(GroupDirectory groups) : ImmediateApi(ApiKey.OffsetFetch, maxVersion: 5)
{
    private static readonly CommittedOffset None = new(-1, -1, "", 0);

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        var group = groups.Find(request.ReadString());
        if (version >= 3)
        {
            response.WriteThrottleTime();
        }

        var topics = request.ReadNullableArrayLength();
        if (topics < 0)
        {
            WriteAll(version, group, response);
        }
        else
        {
            Write(version, group, topics, ref request, response);
        }

        if (version >= 2)
        {
            response.WriteError(ErrorCode.None);
        }
    }

    private static void Write(short version, ConsumerGroup? group, int topics, ref RequestReader request, ResponseWriter response)
    {
        response.WriteArrayLength(topics);
        for (; topics > 0; topics--)
        {
            var name = request.ReadString();
            var partitions = request.ReadArrayLength();
            response.WriteString(name);
            response.WriteArrayLength(partitions);
            for (; partitions > 0; partitions--)
            {
                var partition = new TopicPartition(name, request.ReadInt32());
                Write(version, partition, group?.FindOffset(partition) ?? None, response);
            }
        }
    }

    private static void WriteAll(short version, ConsumerGroup? group, ResponseWriter response)
    {
        var topics = (group?.ListOffsets() ?? []).GroupBy(offset => offset.Key.Topic).ToList();
        response.WriteArrayLength(topics.Count);
        foreach (var topic in topics)
        {
            response.WriteString(topic.Key);
            response.WriteArrayLength(topic.Count());
            foreach (var (partition, offset) in topic)
            {
                Write(version, partition, offset, response);
            }
        }
    }

    private static void Write(short version, TopicPartition partition, CommittedOffset offset, ResponseWriter response)
    {
        response.WriteInt32(partition.Partition);
        response.WriteInt64(offset.Offset);
        if (version >= 5)
        {
            response.WriteInt32(offset.LeaderEpoch);
        }

        response.WriteString(offset.Metadata ?? "");
        response.WriteError(ErrorCode.None);
    }
}
