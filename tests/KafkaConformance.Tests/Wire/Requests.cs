using Confluent.Kafka;

namespace KafkaConformance.Tests.Wire;

/// <param name="Error">What became of the batch.</param>
/// <param name="BaseOffset">Offset of its first record.</param>
internal sealed record Produced(ErrorCode Error, long BaseOffset);

/// <param name="Error">Of the partition.</param>
/// <param name="HighWatermark">Offset of the next record to come.</param>
/// <param name="LogStart">Offset of the first record that is left.</param>
/// <param name="Records">Whole batches, as they lie in the log.</param>
internal sealed record Fetched(ErrorCode Error, long HighWatermark, long LogStart, ReadOnlyMemory<byte> Records);

/// <param name="Offset">Next offset to read; -1 if none was committed.</param>
/// <param name="Metadata">The note that was committed with it.</param>
internal sealed record Committed(long Offset, string? Metadata);

/// <summary>The requests that tests send by hand, for one partition, in the last versions that are not flexible.</summary>
internal static class Requests
{
    public static async Task<Produced> ProduceAsync(this WireConnection connection, string topic, byte[] batch, short acks = -1)
    {
        var answer = await connection.AskAsync(ApiKey.Produce, 7, Produce(topic, batch, acks));
        return SinglePartition(answer, partition =>
        {
            var produced = new Produced((ErrorCode)partition.Int16(), partition.Int64());
            partition.Int64();
            partition.Int64();
            return produced;
        });
    }

    public static RequestWriter Produce(string topic, byte[] batch, short acks = -1) =>
        new RequestWriter().Text(null).Int16(acks).Int32(30_000).Int32(1).Text(topic).Int32(1).Int32(0).Bytes(batch);

    public static async Task<(long Id, short Epoch)> InitProducerIdAsync(this WireConnection connection)
    {
        var (error, id, epoch) = await WhenLoadedAsync(
            async () =>
            {
                var answer = await connection.AskAsync(ApiKey.InitProducerId, 1, new RequestWriter().Text(null).Int32(60_000));
                answer.Int32();
                return (Error: (ErrorCode)answer.Int16(), Id: answer.Int64(), Epoch: answer.Int16());
            },
            answer => answer.Error);
        Assert.Equal(ErrorCode.NoError, error);
        return (id, epoch);
    }

    public static async Task<Fetched> FetchAsync(this WireConnection connection, string topic, long offset, int maxWaitMs = 0, int maxBytes = 1 << 20, int leaderEpoch = -1) =>
        ReadFetched(await connection.AskAsync(ApiKey.Fetch, 11, Fetch(topic, offset, maxWaitMs, maxBytes, leaderEpoch)));

    public static RequestWriter Fetch(string topic, long offset, int maxWaitMs, int maxBytes, int leaderEpoch = -1) => new RequestWriter()
        .Int32(-1).Int32(maxWaitMs).Int32(1).Int32(maxBytes).Int8(0).Int32(0).Int32(-1)
        .Int32(1).Text(topic).Int32(1).Int32(0).Int32(leaderEpoch).Int64(offset).Int64(-1).Int32(maxBytes)
        .Int32(0).Text("");

    public static Fetched ReadFetched(ResponseReader answer)
    {
        answer.Int32();
        Assert.Equal(ErrorCode.NoError, (ErrorCode)answer.Int16());
        answer.Int32();
        return SinglePartition(answer, partition =>
        {
            var error = (ErrorCode)partition.Int16();
            var highWatermark = partition.Int64();
            partition.Int64();
            var logStart = partition.Int64();
            partition.Array(aborted => (aborted.Int64(), aborted.Int64()));
            partition.Int32();
            return new Fetched(error, highWatermark, logStart, partition.Bytes());
        });
    }

    /// <summary>Asks for the end of every partition, and returns what each one says to that, in their order.</summary>
    public static async Task<List<ErrorCode>> ListLatestAsync(this WireConnection connection, string topic, int partitions)
    {
        const long Latest = -1;
        var body = new RequestWriter().Int32(-1).Int8(0).Int32(1).Text(topic).Int32(partitions);
        for (var partition = 0; partition < partitions; partition++)
        {
            body.Int32(partition).Int32(-1).Int64(Latest);
        }

        var answer = await connection.AskAsync(ApiKey.ListOffsets, 5, body);
        answer.Int32();
        var found = Assert.Single(answer.Array(topics =>
        {
            topics.Text();
            return topics.Array(partition =>
            {
                var (index, error) = (partition.Int32(), (ErrorCode)partition.Int16());
                partition.Int64();
                partition.Int64();
                partition.Int32();
                return (index, error);
            });
        }));
        return [.. found.OrderBy(partition => partition.index).Select(partition => partition.error)];
    }

    /// <summary>Commits, as a consumer that is no member of the group unless one is named.</summary>
    public static async Task<ErrorCode> CommitAsync(
        this WireConnection connection,
        string group,
        string topic,
        long offset,
        string? metadata,
        string member = "",
        int generation = -1)
    {
        await connection.FindCoordinatorAsync(group);
        return await WhenLoadedAsync(
            async () =>
            {
                var body = new RequestWriter().Text(group).Int32(generation).Text(member).Text(null)
                    .Int32(1).Text(topic).Int32(1).Int32(0).Int64(offset).Int32(-1).Text(metadata);
                var answer = await connection.AskAsync(ApiKey.OffsetCommit, 7, body);
                answer.Int32();
                return SinglePartition(answer, partition => (ErrorCode)partition.Int16());
            },
            error => error);
    }

    public static async Task<Committed> FetchCommittedAsync(this WireConnection connection, string group, string topic)
    {
        await connection.FindCoordinatorAsync(group);
        var (error, committed) = await WhenLoadedAsync(
            async () =>
            {
                var answer = await connection.AskAsync(ApiKey.OffsetFetch, 5, new RequestWriter().Text(group).Int32(1).Text(topic).Int32(1).Int32(0));
                answer.Int32();
                var topics = answer.Array(found =>
                {
                    found.Text();
                    return Assert.Single(found.Array(ReadCommitted));
                });
                return (Error: (ErrorCode)answer.Int16(), Topics: topics);
            },
            answer => answer.Error);
        Assert.Equal(ErrorCode.NoError, error);
        return Assert.Single(committed);
    }

    private static Committed ReadCommitted(ResponseReader partition)
    {
        partition.Int32();
        var offset = partition.Int64();
        partition.Int32();
        var committed = new Committed(offset, partition.Text());
        Assert.Equal(ErrorCode.NoError, (ErrorCode)partition.Int16());
        return committed;
    }

    private static T SinglePartition<T>(ResponseReader answer, Func<ResponseReader, T> read) => Assert.Single(Assert.Single(answer.Array(topic =>
    {
        topic.Text();
        return topic.Array(partition =>
        {
            Assert.Equal(0, partition.Int32());
            return read(partition);
        });
    })));

    /// <summary>Apache Kafka makes the topic of the offsets when it is first asked for a coordinator, and names itself one before it has read it.</summary>
    private static async Task FindCoordinatorAsync(this WireConnection connection, string group) => Assert.Equal(ErrorCode.NoError, await WhenLoadedAsync(
        async () =>
        {
            var answer = await connection.AskAsync(ApiKey.FindCoordinator, 2, new RequestWriter().Text(group).Int8(0));
            answer.Int32();
            return (ErrorCode)answer.Int16();
        },
        error => error));

    /// <summary>Kafka asks clients to come again while a coordinator reads its topic.</summary>
    private static Task<T> WhenLoadedAsync<T>(Func<Task<T>> ask, Func<T, ErrorCode> error) =>
        Eventually.SeesAsync(ask, seen => error(seen) is not (ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup));
}
