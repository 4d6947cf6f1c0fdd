using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Deletes the records before an offset.</summary>
internal sealed class DeleteRecordsApi(TopicDirectory topics) : ImmediateApi(ApiKey.DeleteRecords, maxVersion: 1)
{
    private const long HighWatermark = -1;

    protected override void Answer(short version, ref RequestReader request, ResponseWriter response)
    {
        response.WriteThrottleTime();
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
                var partition = request.ReadInt32();
                var (lowWatermark, error) = Delete(topics.Find(name, partition), request.ReadInt64());
                response.WriteInt32(partition);
                response.WriteInt64(lowWatermark);
                response.WriteError(error);
            }
        }
    }

    private static (long LowWatermark, ErrorCode Error) Delete(PartitionLog? log, long offset) =>
        log is null ? (-1, ErrorCode.UnknownTopicOrPartition)
        : log.DeleteRecords(offset == HighWatermark ? null : offset) is { } start ? (start, ErrorCode.None)
        : (-1, ErrorCode.OffsetOutOfRange);
}
