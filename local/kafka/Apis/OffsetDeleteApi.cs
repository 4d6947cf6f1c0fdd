using KafkaBroker.Groups;
using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Forgets how far a group is in partitions that it no longer reads.</summary>
internal sealed class OffsetDeleteApi(GroupDirectory groups, TopicDirectory topics) : ImmediateApi(ApiKey.OffsetDelete, maxVersion: 0)
{
    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        var group = groups.Find(request.ReadString());
        response.WriteError(group is null ? ErrorCode.GroupIdNotFound : ErrorCode.None);
        response.WriteThrottleTime();
        if (group is null)
        {
            response.WriteArrayLength(0);
            return;
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
                var partition = new TopicPartition(name, request.ReadInt32());
                response.WriteInt32(partition.Partition);
                response.WriteError(topics.Find(name, partition.Partition) is null ? ErrorCode.UnknownTopicOrPartition : group.DeleteOffset(partition));
            }
        }
    }
}
