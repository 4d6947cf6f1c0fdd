using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests.Brokers;

internal static class Topics
{
    /// <summary>Creates a topic that no other test has, and waits until its partitions can be written to.</summary>
    /// <remarks>Tests write records of any age; the topic keeps them unless told otherwise.</remarks>
    /// <returns>Its name.</returns>
    public static async Task<string> CreateTopicAsync(this BrokerUnderTest broker, int partitions = 1, params (string Name, string Value)[] settings)
    {
        var topic = $"topic-{Guid.NewGuid():N}";
        var configs = new Dictionary<string, string> { ["retention.ms"] = "-1" };
        foreach (var (name, value) in settings)
        {
            configs[name] = value;
        }

        await broker.Admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }]);
        await broker.WaitForTopicAsync(topic, partitions);
        return topic;
    }

    /// <summary>Waits until every partition answers; Apache Kafka creates them after it has answered.</summary>
    /// <remarks>By hand, because librdkafka would remember for a while that there is no such topic.</remarks>
    public static async Task WaitForTopicAsync(this BrokerUnderTest broker, string topic, int partitions)
    {
        using var wire = await WireConnection.OpenAsync(broker);
        await Eventually.SeesAsync(
            async () => string.Join(' ', await wire.ListLatestAsync(topic, partitions)),
            errors => errors == string.Join(' ', Enumerable.Repeat(ErrorCode.NoError, partitions)));
    }

    /// <returns>An offset for each partition, as the broker's ListOffsets says.</returns>
    public static async Task<List<long>> ListOffsetsAsync(this BrokerUnderTest broker, string topic, int partitions, OffsetSpec wanted)
    {
        var asked = Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffsetSpec { TopicPartition = new(topic, partition), OffsetSpec = wanted });
        var found = await broker.Admin.ListOffsetsAsync(asked, new() { RequestTimeout = TimeSpan.FromSeconds(10) });
        return [.. found.ResultInfos.OrderBy(info => info.TopicPartitionOffsetError.Partition.Value).Select(info => info.TopicPartitionOffsetError.Offset.Value)];
    }
}
