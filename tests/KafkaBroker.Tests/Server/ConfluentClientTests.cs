using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaBroker.Tests.Running;

namespace KafkaBroker.Tests.Server;

/// <summary>The client that the services use, against a whole broker.</summary>
public sealed class ConfluentClientTests
{
    private const string Topic = "mail.events";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_come_back_as_they_were_sent_also_after_a_restart(bool fsync)
    {
        await using var broker = await RunningBroker.StartAsync(fsync);
        await CreateTopicAsync(broker);
        using (var producer = CreateProducer(broker))
        {
            var sent = await producer.ProduceAsync(new TopicPartition(Topic, 3), new()
            {
                Key = "amy",
                Value = "hello",
                Headers = [new("event", "messageNew"u8.ToArray())],
                Timestamp = new(DateTime.UtcNow.AddMinutes(-5)),
            }, TestContext.Current.CancellationToken);
            Assert.Equal(PersistenceStatus.Persisted, sent.Status);
        }

        await broker.RestartAsync();

        using var consumer = CreateConsumer(broker);
        consumer.Assign(new TopicPartitionOffset(Topic, 3, Offset.Beginning));
        var record = consumer.Consume(Patience);
        Assert.Equal(("amy", "hello"), (record.Message.Key, record.Message.Value));
        Assert.Equal("messageNew"u8.ToArray(), record.Message.Headers[0].GetValueBytes());
    }

    [Fact]
    public async Task Two_consumers_share_the_partitions_lose_nothing_and_resume_where_they_were()
    {
        const int count = 2000;
        await using var broker = await RunningBroker.StartAsync();
        await CreateTopicAsync(broker);
        using var producer = CreateProducer(broker);
        var seen = new ConcurrentDictionary<string, int>();

        using (var stop = new CancellationTokenSource())
        {
            var consumers = Enumerable.Range(0, 2).Select(_ => ConsumeAsync(broker, seen, stop.Token)).ToList();
            for (var i = 0; i < count; i++)
            {
                producer.Produce(Topic, new() { Key = $"{i}", Value = $"{i}" });
            }

            producer.Flush(Patience);
            await WaitAsync(() => seen.Count == count, () => $"{seen.Count} of {count}");
            await stop.CancelAsync();
            await Task.WhenAll(consumers);
        }

        await broker.RestartAsync();
        await producer.ProduceAsync(Topic, new() { Key = "last", Value = "last" }, TestContext.Current.CancellationToken);
        using (var stop = new CancellationTokenSource())
        {
            var again = new ConcurrentDictionary<string, int>();
            var consuming = ConsumeAsync(broker, again, stop.Token);
            await WaitAsync(() => !again.IsEmpty, () => "nothing");
            await stop.CancelAsync();
            await consuming;
            Assert.Equal(["last"], again.Keys);
        }
    }

    [Fact]
    public async Task A_waiting_consumer_gets_a_record_at_once()
    {
        await using var broker = await RunningBroker.StartAsync();
        await CreateTopicAsync(broker);
        using var producer = CreateProducer(broker);
        using var consumer = CreateConsumer(broker, config => config.FetchWaitMaxMs = 20_000);
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        Assert.Null(consumer.Consume(TimeSpan.FromMilliseconds(200)));

        var sent = TimeProvider.System.GetTimestamp();
        await producer.ProduceAsync(new TopicPartition(Topic, 0), new() { Key = "k", Value = "v" }, TestContext.Current.CancellationToken);
        var record = consumer.Consume(Patience);

        Assert.NotNull(record);
        Assert.InRange(TimeProvider.System.GetElapsedTime(sent).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task Operators_can_see_and_change_topics_and_groups()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var admin = CreateAdmin(broker);
        await CreateTopicAsync(broker, new() { ["retention.ms"] = "1000" });
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = Topic };

        await admin.IncrementalAlterConfigsAsync(new() { [resource] = [new() { Name = "retention.bytes", Value = "5", IncrementalOperation = AlterConfigOpType.Set }] });
        await admin.CreatePartitionsAsync([new() { Topic = Topic, IncreaseTo = 14 }]);
        await broker.RestartAsync();

        var described = (await admin.DescribeConfigsAsync([resource]))[0].Entries;
        Assert.Equal(("1000", "5"), (described["retention.ms"].Value, described["retention.bytes"].Value));
        Assert.Equal(14, admin.GetMetadata(Topic, Patience).Topics[0].Partitions.Count);
        var unknown = await Assert.ThrowsAsync<CreateTopicsException>(() =>
            admin.CreateTopicsAsync([new() { Name = "other", Configs = new() { ["retention"] = "1" } }]));
        Assert.Equal(ErrorCode.InvalidConfig, unknown.Results[0].Error.Code);
        await admin.DeleteTopicsAsync([Topic]);
        Assert.Empty(admin.GetMetadata(Patience).Topics);
    }

    private static async Task ConsumeAsync(RunningBroker broker, ConcurrentDictionary<string, int> seen, CancellationToken stopping)
    {
        using var consumer = CreateConsumer(broker, config => config.GroupId = "crm");
        consumer.Subscribe(Topic);
        await Task.Factory.StartNew(
            () =>
            {
                while (!stopping.IsCancellationRequested)
                {
                    if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } record)
                    {
                        seen.AddOrUpdate(record.Message.Value, 1, static (_, times) => times + 1);
                    }
                }

                consumer.Close();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static async Task WaitAsync(Func<bool> condition, Func<string> seen)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, seen());
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task CreateTopicAsync(RunningBroker broker, Dictionary<string, string>? settings = null)
    {
        using var admin = CreateAdmin(broker);
        await admin.CreateTopicsAsync([new() { Name = Topic, NumPartitions = 12, ReplicationFactor = 1, Configs = settings ?? [] }]);
    }

    private static IAdminClient CreateAdmin(RunningBroker broker) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();

    private static IProducer<string, string> CreateProducer(RunningBroker broker) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = broker.BootstrapServers,
        EnableIdempotence = true,
        Acks = Acks.All,
    }).Build();

    private static IConsumer<string, string> CreateConsumer(RunningBroker broker, Action<ConsumerConfig>? change = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = "test",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        };
        change?.Invoke(config);
        return new ConsumerBuilder<string, string>(config).Build();
    }
}
