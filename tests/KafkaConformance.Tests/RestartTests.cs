using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests;

/// <summary>What was acknowledged is there again after a restart, however the broker ended.</summary>
public sealed class RestartTests(RestartedBrokers brokers) : IClassFixture<RestartedBrokers>
{
    private const int Partitions = 6;

    [Theory, OnEveryBroker]
    public async Task After_kill_9_in_the_middle_of_writing_every_acknowledged_record_is_there_once_and_in_order(BrokerKind kind)
    {
        const int BetweenKills = 3000;
        // Apache Kafka needs seconds to come back.
        var kills = kind == BrokerKind.Apache ? 2 : 5;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Partitions);
        var ledger = new ConcurrentDictionary<int, TopicPartitionOffset>();
        await using var proxy = CuttingProxy.Start(broker);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() => WriteAsync(broker, proxy, topic, ledger, stop.Token), TestContext.Current.CancellationToken);

        for (var kill = 0; kill < kills; kill++)
        {
            var before = ledger.Count;
            await Eventually.SeesAsync(() => ledger.Count, count => count >= before + BetweenKills);

            // What is written and not answered when the broker is killed comes again after its restart.
            var lost = proxy.LostAnswers;
            proxy.LoseAnswers(int.MaxValue);
            await Eventually.SeesAsync(() => proxy.LostAnswers, count => count > lost);
            await broker.KillAsync();
            proxy.LoseAnswers(0);
            await broker.StartAsync();
        }

        var last = ledger.Count;
        await Eventually.SeesAsync(() => ledger.Count, count => count > last);
        await stop.CancelAsync();
        var failures = await writing;

        var read = broker.ReadAll(topic);
        Assert.Empty(failures);
        Assert.Equal(
            ledger.OrderBy(entry => entry.Value.Partition.Value).ThenBy(entry => entry.Value.Offset.Value).Select(entry => (entry.Key, entry.Value)),
            read.Select(record => (int.Parse(record.Message.Value!, CultureInfo.InvariantCulture), record.TopicPartitionOffset)));
        Assert.All(read.GroupBy(record => record.Partition.Value), partition =>
        {
            var numbers = partition.Select(record => int.Parse(record.Message.Value!, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(numbers.Order(), numbers);
        });
    }

    /// <remarks>Apache Kafka remembers the last batch of a producer over a restart, and refuses earlier ones.</remarks>
    [Theory, OnEveryBroker]
    public async Task After_kill_9_a_batch_that_comes_again_is_still_known(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        (long Id, short Epoch) producer;
        using (var before = await WireConnection.OpenAsync(broker))
        {
            producer = await before.InitProducerIdAsync();
            for (var sequence = 0; sequence < 4; sequence++)
            {
                Assert.Equal(new Produced(ErrorCode.NoError, sequence), await SendAsync(before, sequence));
            }
        }

        await broker.KillAsync();
        await broker.StartAsync();
        await broker.WaitForTopicAsync(topic, 1);

        using var wire = await WireConnection.OpenAsync(broker);
        Assert.Equal(new Produced(ErrorCode.NoError, 3), await SendAsync(wire, 3));
        var older = await SendAsync(wire, 1);
        Assert.True(older is { Error: ErrorCode.OutOfOrderSequenceNumber } or { Error: ErrorCode.NoError, BaseOffset: 1 }, $"{older}");
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await SendAsync(wire, 5)).Error);
        Assert.Equal(new Produced(ErrorCode.NoError, 4), await SendAsync(wire, 4));
        Assert.NotEqual(producer.Id, (await wire.InitProducerIdAsync()).Id);
        Assert.Equal(["0", "1", "2", "3", "4"], broker.ReadAll(topic).Select(record => record.Message.Value));

        Task<Produced> SendAsync(WireConnection connection, int sequence) => connection.ProduceAsync(
            topic,
            new RecordBatch($"{sequence}") { ProducerId = producer.Id, ProducerEpoch = producer.Epoch, Sequence = sequence }.ToBytes());
    }

    /// <remarks>Apache Kafka writes down once a minute where a log starts, so that kill -9 brings deleted records back.</remarks>
    [Theory, OnEveryBroker(true, false)]
    public async Task Topics_settings_offsets_and_notes_outlive_a_restart(BrokerKind kind, bool isKilled)
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var start = isKilled ? 0 : 2;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(3, ("max.message.bytes", "12345"));
        var deleted = await broker.CreateTopicAsync();
        var group = ConfluentClients.NewGroup();
        using (var producer = broker.NewProducer())
        {
            for (var minute = 0; minute < 5; minute++)
            {
                await producer.ProduceAsync(new TopicPartition(topic, 0), new() { Value = $"{minute}", Timestamp = new(time.AddMinutes(minute).UtcDateTime) }, TestContext.Current.CancellationToken);
            }
        }

        await broker.Admin.DeleteRecordsAsync([new(topic, 0, start)]);
        await broker.Admin.DeleteTopicsAsync([deleted]);
        using (var before = await WireConnection.OpenAsync(broker))
        {
            Assert.Equal(ErrorCode.NoError, await before.CommitAsync(group, topic, 3, "a note"));
        }

        await (isKilled ? broker.KillAsync() : broker.StopAsync());
        await broker.StartAsync();
        await broker.WaitForTopicAsync(topic, 3);

        using var wire = await WireConnection.OpenAsync(broker);
        Assert.Equal(new Committed(3, "a note"), await wire.FetchCommittedAsync(group, topic));
        Assert.Equal(Enumerable.Range(start, 5 - start).Select(minute => $"{minute}"), broker.ReadAll(topic).Select(record => record.Message.Value));
        Assert.Equal([start, 0, 0], await broker.ListOffsetsAsync(topic, 3, OffsetSpec.Earliest()));
        Assert.Equal(4, (await broker.ListOffsetsAsync(topic, 3, OffsetSpec.ForTimestamp(time.AddMinutes(4).ToUnixTimeMilliseconds())))[0]);
        var settings = Assert.Single(await broker.Admin.DescribeConfigsAsync([new() { Type = ResourceType.Topic, Name = topic }])).Entries;
        Assert.Equal(("12345", "-1"), (settings["max.message.bytes"].Value, settings["retention.ms"].Value));
        Assert.DoesNotContain(broker.Admin.GetMetadata(TimeSpan.FromSeconds(30)).Topics, candidate => candidate.Topic == deleted);
    }

    [Theory, OnEveryBroker]
    public async Task A_group_goes_on_reading_after_a_restart(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Partitions);
        var ledger = new Ownership();
        var group = ConfluentClients.NewGroup();
        await using var first = GroupMember.Join(broker, topic, group, ledger);
        await using var second = GroupMember.Join(broker, topic, group, ledger);
        await ledger.WaitForOwnersAsync(2, Partitions);
        await WriteNumbersAsync(0, 50);
        await Eventually.SeesAsync(() => ledger.Read.Count, count => count == 50);

        await broker.StopAsync();
        await broker.StartAsync();
        await broker.WaitForTopicAsync(topic, Partitions);
        await WriteNumbersAsync(50, 50);

        await Eventually.SeesAsync(() => ledger.Read.Count, count => count == 100);
        Assert.Empty(ledger.Overlaps);

        async Task WriteNumbersAsync(int from, int count)
        {
            using var producer = broker.NewProducer();
            for (var number = from; number < from + count; number++)
            {
                await producer.ProduceAsync(new TopicPartition(topic, number % Partitions), new() { Value = $"{number}" }, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Writes numbers without a pause until it is told to stop; returns what could not be written.</summary>
    private static async Task<IReadOnlyCollection<Error>> WriteAsync(
        BrokerUnderTest broker,
        CuttingProxy proxy,
        string topic,
        ConcurrentDictionary<int, TopicPartitionOffset> ledger,
        CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<Error>();
        using var inFlight = new SemaphoreSlim(1000);
        using var producer = broker.NewProducer(config => (config.BootstrapServers, config.EnableIdempotence) = (proxy.BootstrapServers, true));
        for (var number = 0; !cancellationToken.IsCancellationRequested; number++)
        {
            var written = number;
            await inFlight.WaitAsync(CancellationToken.None);
            producer.Produce(new TopicPartition(topic, number % Partitions), new() { Value = $"{number}" }, report =>
            {
                if (report.Error.IsError)
                {
                    failures.Enqueue(report.Error);
                }
                else
                {
                    ledger[written] = report.TopicPartitionOffset;
                }

                inFlight.Release();
            });
        }

        producer.Flush(CancellationToken.None);
        return failures;
    }
}
