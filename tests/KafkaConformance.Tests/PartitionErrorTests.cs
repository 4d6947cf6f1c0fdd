using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>What a broker answers for a partition that it cannot serve as asked.</summary>
public sealed class PartitionErrorTests(SharedBrokers brokers)
{
    [Theory, OnEveryBroker]
    public async Task A_partition_that_does_not_exist_is_unknown_to_every_request(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        using var wire = await WireConnection.OpenAsync(broker);
        var topic = await broker.CreateTopicAsync(partitions: 1);

        Assert.Equal(ErrorCode.UnknownTopicOrPart, (await wire.ProduceAsync("there-is-none", new RecordBatch("value").ToBytes())).Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPart, (await wire.FetchAsync("there-is-none", 0)).Error);
        Assert.Equal([ErrorCode.NoError, ErrorCode.UnknownTopicOrPart], await wire.ListLatestAsync(topic, 2));
    }

    [Theory, OnEveryBroker]
    public async Task A_level_of_acknowledgement_that_there_is_not_is_refused(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        using var wire = await WireConnection.OpenAsync(broker);
        var topic = await broker.CreateTopicAsync();

        Assert.Equal(ErrorCode.InvalidRequiredAcks, (await wire.ProduceAsync(topic, new RecordBatch("value").ToBytes(), acks: 2)).Error);
        Assert.Empty(broker.ReadAll(topic));
    }

    [Theory, OnEveryBroker]
    public async Task Acks_0_is_not_answered_at_all(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        using var wire = await WireConnection.OpenAsync(broker);
        var topic = await broker.CreateTopicAsync();

        await wire.TellAsync(ApiKey.Produce, 7, Requests.Produce(topic, new RecordBatch("first").ToBytes(), acks: 0));
        var second = await wire.ProduceAsync(topic, new RecordBatch("second").ToBytes());

        Assert.Equal(new Produced(ErrorCode.NoError, 1), second);
    }

    /// <remarks>Epochs tell a client that it speaks with a leader of the past.</remarks>
    [Theory, OnEveryBroker]
    public async Task A_reader_from_the_future_is_told_that_its_epoch_is_unknown(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        using var wire = await WireConnection.OpenAsync(broker);
        var topic = await broker.CreateTopicAsync();

        Assert.Equal(ErrorCode.NoError, (await wire.FetchAsync(topic, 0, leaderEpoch: 0)).Error);
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await wire.FetchAsync(topic, 0, leaderEpoch: 1000)).Error);
    }

    [Theory]
    [OnEveryBroker("an older format", "a wrong count", "an unknown codec", "half a batch", "two batches for one partition of an idempotent producer")]
    public async Task A_batch_that_is_none_is_refused_and_nothing_of_it_is_written(BrokerKind kind, string mistake)
    {
        var broker = await brokers.GetAsync(kind);
        using var wire = await WireConnection.OpenAsync(broker);
        var topic = await broker.CreateTopicAsync();
        var batch = new RecordBatch("a", "b").ToBytes();
        var idempotent = new RecordBatch("a") { ProducerId = 4711, ProducerEpoch = 0, Sequence = 0 }.ToBytes();

        var produced = await wire.ProduceAsync(topic, mistake switch
        {
            "an older format" => RecordBatch.Change(batch, offset: 16, 1),
            "a wrong count" => RecordBatch.Change(batch, offset: 60, 3),
            "an unknown codec" => RecordBatch.Change(batch, offset: 22, 7),
            "half a batch" => batch[..(batch.Length / 2)],
            _ => [.. idempotent, .. idempotent],
        });

        Assert.True(produced.Error != ErrorCode.NoError, $"{produced}");
        Assert.Empty(broker.ReadAll(topic));
    }
}
