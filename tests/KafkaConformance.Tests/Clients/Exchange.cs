using System.Text;
using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;

namespace KafkaConformance.Tests.Clients;

/// <summary>The other side of a foreign client: Confluent.Kafka.</summary>
internal static class Exchange
{
    public const int Partitions = 12;

    public static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Records with keys that fall into several partitions.</summary>
    public static IReadOnlyList<ForeignRecord> NewRecords(string prefix) => [.. Enumerable.Range(0, 20).Select(number => new ForeignRecord
    {
        Key = $"account-{number}",
        Value = $"{prefix}-{number} żółć",
        Headers = { ["event-id"] = $"{number}" },
        Timestamp = Time.AddMinutes(number).ToUnixTimeMilliseconds(),
    })];

    public static async Task WriteAsync(BrokerUnderTest broker, string topic, IEnumerable<ForeignRecord> records)
    {
        using var producer = broker.NewProducer();
        foreach (var record in records)
        {
            await producer.ProduceAsync(topic, new()
            {
                Key = record.Key,
                Value = record.Value,
                Headers = [.. record.Headers.Select(header => new Header(header.Key, Encoding.UTF8.GetBytes(header.Value)))],
                Timestamp = new(record.Timestamp, TimestampType.CreateTime),
            });
        }
    }

    /// <summary>What the foreign client wrote is read whole, and each of its keys lies where Confluent.Kafka puts it.</summary>
    public static async Task AssertReadAsync(BrokerUnderTest broker, string topic, IReadOnlyList<ForeignRecord> written, bool hasTimes = true)
    {
        var read = broker.ReadAll(topic);
        Assert.Equal(
            written.Select(record => Describe(record, hasTimes)).Order(StringComparer.Ordinal),
            read.Select(record => Describe(ToForeign(record), hasTimes)).Order(StringComparer.Ordinal));

        await WriteAsync(broker, topic, written);
        Assert.All(
            broker.ReadAll(topic).GroupBy(record => record.Message.Key, record => record.Partition.Value),
            key => Assert.Single(key.Distinct()));
    }

    /// <summary>What the foreign client read is what was written to the topic.</summary>
    public static void AssertSame(IEnumerable<ForeignRecord> written, IEnumerable<ForeignRecord> read) => Assert.Equal(
        written.Select(record => Describe(record, hasTimes: true)).Order(StringComparer.Ordinal),
        read.Select(record => Describe(record, hasTimes: true)).Order(StringComparer.Ordinal));

    /// <summary>A group in which a foreign client read everything has committed the end of every partition.</summary>
    public static async Task AssertCommittedAsync(BrokerUnderTest broker, string topic, string group)
    {
        var ends = await broker.ListOffsetsAsync(topic, Partitions, Confluent.Kafka.Admin.OffsetSpec.Latest());
        var found = await broker.Admin.ListConsumerGroupOffsetsAsync([new(group, [.. Enumerable.Range(0, Partitions).Select(partition => new TopicPartition(topic, partition))])]);
        var committed = Assert.Single(found).Partitions.OrderBy(partition => partition.Partition.Value).Select(partition => Math.Max(0, partition.Offset.Value));
        Assert.Equal(ends, committed);
    }

    private static ForeignRecord ToForeign(ConsumeResult<string?, string?> record) => new()
    {
        Key = record.Message.Key,
        Value = record.Message.Value,
        Headers = record.Message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes())),
        Timestamp = record.Message.Timestamp.UnixTimestampMs,
    };

    private static string Describe(ForeignRecord record, bool hasTimes) =>
        $"{record.Key} = {record.Value} [{string.Join(' ', record.Headers.Select(header => $"{header.Key}={header.Value}"))}]{(hasTimes ? $" @{record.Timestamp}" : "")}";
}
