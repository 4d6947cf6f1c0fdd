using Confluent.Kafka;

namespace KafkaConformance.Tests.Brokers;

internal static class Records
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Everything that a topic holds, partition by partition, in the order of the offsets.</summary>
    public static List<ConsumeResult<string?, string?>> ReadAll(this BrokerUnderTest broker, string topic, Action<ConsumerConfig>? configure = null)
    {
        var partitions = broker.Admin.GetMetadata(topic, Deadline).Topics.Single().Partitions.Count;
        using var consumer = broker.NewConsumer(ConfluentClients.NewGroup(), config =>
        {
            config.EnablePartitionEof = true;
            configure?.Invoke(config);
        });
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));

        var read = new List<ConsumeResult<string?, string?>>();
        var ended = new HashSet<int>();
        while (ended.Count < partitions)
        {
            var next = consumer.ConsumeWithin(Deadline);
            if (next.IsPartitionEOF)
            {
                ended.Add(next.Partition);
            }
            else
            {
                read.Add(next);
            }
        }

        return [.. read.OrderBy(record => record.Partition.Value).ThenBy(record => record.Offset.Value)];
    }

    /// <summary>The next record.</summary>
    public static ConsumeResult<string?, string?> ConsumeWithin(this IConsumer<string?, string?> consumer, TimeSpan deadline) =>
        consumer.Consume(deadline) ?? throw new TimeoutException($"No record came within {deadline.TotalSeconds} s.");

    public static ConsumeResult<string?, string?> ConsumeNext(this IConsumer<string?, string?> consumer) => consumer.ConsumeWithin(Deadline);

    /// <summary>Writes values to partition 0, one after another.</summary>
    public static async Task ProduceAsync(this BrokerUnderTest broker, string topic, params string[] values)
    {
        using var producer = broker.NewProducer();
        foreach (var value in values)
        {
            await producer.ProduceAsync(new TopicPartition(topic, 0), new() { Value = value });
        }
    }
}
