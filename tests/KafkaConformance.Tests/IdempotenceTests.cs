using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>A batch that is sent again, because its answer was lost, is in the log once.</summary>
public sealed class IdempotenceTests(SharedBrokers brokers)
{
    [Theory, OnEveryBroker]
    public async Task A_producer_whose_answers_are_lost_duplicates_nothing(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        await using var proxy = CuttingProxy.Start(broker);
        using var producer = broker.NewProducer(config => (config.BootstrapServers, config.EnableIdempotence) = (proxy.BootstrapServers, true));
        await producer.ProduceAsync(topic, new() { Value = "0" }, TestContext.Current.CancellationToken);

        for (var number = 1; number <= 5; number++)
        {
            proxy.LoseAnswers(1);
            var report = await producer.ProduceAsync(topic, new() { Value = $"{number}" }, TestContext.Current.CancellationToken);
            Assert.Equal(number, report.Offset);
        }

        Assert.Equal(5, proxy.LostAnswers);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], broker.ReadAll(topic).Select(record => record.Message.Value));
    }

    [Theory, OnEveryBroker]
    public async Task A_batch_that_comes_again_is_answered_with_the_offset_of_the_first_time(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);
        var producer = await wire.InitProducerIdAsync();
        (int Sequence, string[] Values)[] batches = [(0, ["a", "b"]), (2, ["c"]), (3, ["d", "e", "f"]), (6, ["g"]), (7, ["h"])];
        foreach (var (sequence, values) in batches)
        {
            Assert.Equal(new Produced(ErrorCode.NoError, sequence), await SendAsync(wire, topic, producer, sequence, values));
        }

        foreach (var (sequence, values) in batches)
        {
            Assert.Equal(new Produced(ErrorCode.NoError, sequence), await SendAsync(wire, topic, producer, sequence, values));
        }

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h"], broker.ReadAll(topic).Select(record => record.Message.Value));
    }

    [Theory, OnEveryBroker]
    public async Task A_batch_that_comes_again_after_five_others_is_still_not_written_twice(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);
        var producer = await wire.InitProducerIdAsync();
        for (var sequence = 0; sequence < 7; sequence++)
        {
            await SendAsync(wire, topic, producer, sequence, "value");
        }

        var again = await SendAsync(wire, topic, producer, 0, "value");

        Assert.True(again.Error is ErrorCode.OutOfOrderSequenceNumber or ErrorCode.DuplicateSequenceNumber, $"{again}");
        Assert.Equal(7, broker.ReadAll(topic).Count);
    }

    [Theory, OnEveryBroker]
    public async Task A_gap_in_the_sequence_is_refused(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);
        var producer = await wire.InitProducerIdAsync();
        await SendAsync(wire, topic, producer, 0, "a");

        var afterGap = await SendAsync(wire, topic, producer, 2, "c");
        var next = await SendAsync(wire, topic, producer, 1, "b");

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, afterGap.Error);
        Assert.Equal(new Produced(ErrorCode.NoError, 1), next);
    }

    [Theory, OnEveryBroker]
    public async Task A_new_epoch_starts_at_zero_and_shuts_out_the_old_one(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);
        var (id, epoch) = await wire.InitProducerIdAsync();
        await SendAsync(wire, topic, (id, epoch), 0, "a");

        var notFromZero = await SendAsync(wire, topic, (id, (short)(epoch + 1)), 1, "b");
        var fromZero = await SendAsync(wire, topic, (id, (short)(epoch + 1)), 0, "b");
        var old = await SendAsync(wire, topic, (id, epoch), 1, "c");

        Assert.Equal((ErrorCode.OutOfOrderSequenceNumber, ErrorCode.NoError, ErrorCode.InvalidProducerEpoch), (notFromZero.Error, fromZero.Error, old.Error));
        Assert.Equal(["a", "b"], broker.ReadAll(topic).Select(record => record.Message.Value));
    }

    /// <remarks>What was known of it may have gone with its records.</remarks>
    [Theory, OnEveryBroker]
    public async Task A_producer_that_the_partition_does_not_know_may_start_anywhere(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);
        var producer = await wire.InitProducerIdAsync();

        Assert.Equal(new Produced(ErrorCode.NoError, 0), await SendAsync(wire, topic, producer, 17, "a"));
        Assert.Equal(new Produced(ErrorCode.NoError, 1), await SendAsync(wire, topic, producer, 18, "b"));
    }

    [Theory, OnEveryBroker]
    public async Task The_sequence_goes_on_at_zero_after_its_largest_number(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        using var wire = await WireConnection.OpenAsync(broker);
        var producer = await wire.InitProducerIdAsync();
        await SendAsync(wire, topic, producer, int.MaxValue - 1, "a");

        Assert.Equal(new Produced(ErrorCode.NoError, 1), await SendAsync(wire, topic, producer, int.MaxValue, "b", "c"));
        Assert.Equal(new Produced(ErrorCode.NoError, 3), await SendAsync(wire, topic, producer, 1, "d"));
        Assert.Equal(new Produced(ErrorCode.NoError, 1), await SendAsync(wire, topic, producer, int.MaxValue, "b", "c"));
    }

    [Theory, OnEveryBroker]
    public async Task Every_producer_gets_an_id_of_its_own(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var ids = new List<long>();
        for (var number = 0; number < 20; number++)
        {
            using var wire = await WireConnection.OpenAsync(broker);
            ids.Add((await wire.InitProducerIdAsync()).Id);
        }

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    private static Task<Produced> SendAsync(WireConnection wire, string topic, (long Id, short Epoch) producer, int sequence, params string[] values) =>
        wire.ProduceAsync(topic, new RecordBatch(values) { ProducerId = producer.Id, ProducerEpoch = producer.Epoch, Sequence = sequence }.ToBytes());
}
