using KafkaBroker.Groups;
using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Apis;

/// <summary>Notes how far a group is.</summary>
internal sealed class OffsetCommitApi(GroupDirectory groups, TopicDirectory topics, TimeProvider time) : Api(ApiKey.OffsetCommit, maxVersion: 7)
{
    /// <summary>Kafka's default of offset.metadata.max.bytes.</summary>
    private const int MaxMetadata = 4096;

    public override ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, ref RequestReader request, Caller caller)
    {
        var group = request.ReadString();
        var generation = header.Version >= 1 ? request.ReadInt32() : -1;
        var memberId = header.Version >= 1 ? request.ReadString() : "";
        var instanceId = header.Version >= 7 ? request.ReadNullableString() : null;
        if (header.Version is >= 2 and <= 4)
        {
            request.ReadInt64(); // How long to keep offsets: the broker decides.
        }

        var partitions = ReadPartitions(header.Version, ref request);
        var commits = partitions.SelectMany(topic => topic.Partitions).Where(partition => partition.Error == ErrorCode.None).Select(partition => partition.Commit);
        return AnswerAsync(header, partitions, groups.CommitAsync(group, memberId, instanceId, generation, [.. commits]));
    }

    private List<(string Topic, List<Wanted> Partitions)> ReadPartitions(short version, ref RequestReader request)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        List<(string, List<Wanted>)> read = [];
        for (var left = request.ReadArrayLength(); left > 0; left--)
        {
            var topic = request.ReadString();
            List<Wanted> partitions = [];
            for (var more = request.ReadArrayLength(); more > 0; more--)
            {
                partitions.Add(ReadPartition(version, topic, now, ref request));
            }

            read.Add((topic, partitions));
        }

        return read;
    }

    private Wanted ReadPartition(short version, string topic, long now, ref RequestReader request)
    {
        var partition = new TopicPartition(topic, request.ReadInt32());
        var offset = request.ReadInt64();
        var epoch = version >= 6 ? request.ReadInt32() : -1;
        if (version == 1)
        {
            request.ReadInt64(); // Time of the commit: the broker's counts.
        }

        var metadata = request.ReadNullableString();
        var error = topics.Find(topic, partition.Partition) is null ? ErrorCode.UnknownTopicOrPartition
            : metadata?.Length > MaxMetadata ? ErrorCode.OffsetMetadataTooLarge
            : ErrorCode.None;
        return new(new(partition, new(offset, epoch, metadata, now)), error);
    }

    private static async ValueTask<ResponseWriter?> AnswerAsync(RequestHeader header, List<(string Topic, List<Wanted> Partitions)> wanted, Task<ErrorCode> committing)
    {
        var error = await FindErrorAsync(committing).ConfigureAwait(false);
        var response = new ResponseWriter(header.CorrelationId);
        if (header.Version >= 3)
        {
            response.WriteThrottleTime();
        }

        response.WriteArrayLength(wanted.Count);
        foreach (var (topic, partitions) in wanted)
        {
            response.WriteString(topic);
            response.WriteArrayLength(partitions.Count);
            foreach (var partition in partitions)
            {
                response.WriteInt32(partition.Commit.Partition.Partition);
                response.WriteError(error != ErrorCode.None ? error : partition.Error);
            }
        }

        return response;
    }

    private static async Task<ErrorCode> FindErrorAsync(Task<ErrorCode> committing)
    {
        try
        {
            return await committing.ConfigureAwait(false);
        }
        catch (IOException)
        {
            return ErrorCode.StorageError;
        }
    }

    private sealed record Wanted(JournalEntry.Committed Commit, ErrorCode Error);
}
