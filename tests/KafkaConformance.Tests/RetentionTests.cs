using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaConformance.Tests.Brokers;

namespace KafkaConformance.Tests;

/// <summary>What a broker forgets, by itself and when told.</summary>
public sealed class RetentionTests(SharedBrokers brokers)
{
    private const int SegmentBytes = 1 << 20;

    [Theory, OnEveryBroker]
    public async Task Records_older_than_retention_ms_go(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(1, ("retention.ms", "60000"), ("segment.bytes", $"{SegmentBytes}"));
        var now = DateTimeOffset.UtcNow;
        Write(broker, topic, 3 * SegmentBytes, now - TimeSpan.FromHours(1));
        var old = Assert.Single(await broker.ListOffsetsAsync(topic, 1, OffsetSpec.Latest()));
        Write(broker, topic, 100, now);

        // The segment that the new record is in stays whole.
        var earliest = await Eventually.SeesAsync(() => EarliestAsync(broker, topic), seen => seen >= old - (SegmentBytes / 10_000));

        Assert.InRange(earliest, 0, old);
        Assert.Equal(old, Assert.Single(await broker.ListOffsetsAsync(topic, 1, OffsetSpec.Latest())) - 1);
    }

    [Theory, OnEveryBroker]
    public async Task Whole_segments_beyond_retention_bytes_go_the_oldest_first(BrokerKind kind)
    {
        const int Kept = 2 * SegmentBytes;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(1, ("retention.bytes", $"{Kept}"), ("segment.bytes", $"{SegmentBytes}"));
        Write(broker, topic, 5 * SegmentBytes, DateTimeOffset.UtcNow);
        var latest = Assert.Single(await broker.ListOffsetsAsync(topic, 1, OffsetSpec.Latest()));

        // A segment goes when what is left without it is still as large as retention.bytes.
        await Eventually.SeesAsync(() => EarliestAsync(broker, topic), seen => (latest - seen) * 10_000 < Kept + SegmentBytes);

        var left = broker.ReadAll(topic);
        Assert.Equal(latest - 1, left[^1].Offset.Value);
        Assert.True(left.Count * 10_000L > Kept - SegmentBytes, $"{left.Count} records of 10 kB are left.");
        Assert.Equal(left[0].Offset.Value, await EarliestAsync(broker, topic));
    }

    [Theory, OnEveryBroker]
    public async Task DeleteRecords_moves_the_start_of_the_log(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        await broker.ProduceAsync(topic, "0", "1", "2", "3", "4");

        var deleted = await broker.Admin.DeleteRecordsAsync([new(topic, 0, 3)]);

        Assert.Equal(3, Assert.Single(deleted).Offset);
        Assert.Equal(3, await EarliestAsync(broker, topic));
        Assert.Equal(["3", "4"], broker.ReadAll(topic).Select(record => record.Message.Value));
    }

    [Theory, OnEveryBroker]
    public async Task DeleteRecords_up_to_the_end_empties_the_log_and_offsets_go_on(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        await broker.ProduceAsync(topic, "0", "1", "2");

        var deleted = await broker.Admin.DeleteRecordsAsync([new(topic, 0, Offset.End)]);
        await broker.ProduceAsync(topic, "3");

        Assert.Equal(3, Assert.Single(deleted).Offset);
        var left = Assert.Single(broker.ReadAll(topic));
        Assert.Equal((3, "3"), (left.Offset.Value, left.Message.Value));
    }

    [Theory, OnEveryBroker]
    public async Task DeleteRecords_beyond_the_end_is_refused(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        await broker.ProduceAsync(topic, "0");

        var refused = await Assert.ThrowsAsync<DeleteRecordsException>(() => broker.Admin.DeleteRecordsAsync([new(topic, 0, 7)]));

        Assert.Equal(ErrorCode.OffsetOutOfRange, Assert.Single(refused.Results).Error.Code);
        Assert.Single(broker.ReadAll(topic));
    }

    private static async Task<long> EarliestAsync(BrokerUnderTest broker, string topic) =>
        Assert.Single(await broker.ListOffsetsAsync(topic, 1, OffsetSpec.Earliest()));

    /// <summary>Writes records of 10 kB until they are as many bytes as said.</summary>
    private static void Write(BrokerUnderTest broker, string topic, int bytes, DateTimeOffset time)
    {
        using var producer = broker.NewProducer(config => config.BatchSize = 50_000);
        var value = new string('x', 10_000);
        for (var written = 0; written < bytes; written += value.Length)
        {
            producer.Produce(topic, new() { Value = value, Timestamp = new(time.UtcDateTime) });
        }

        producer.Flush(TestContext.Current.CancellationToken);
        Assert.Equal(0, producer.Flush(TimeSpan.Zero));
    }
}
