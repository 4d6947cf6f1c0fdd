using KafkaConformance.Tests.Brokers;

namespace KafkaConformance.Tests.Clients;

/// <summary>kafkajs, which ./test installs into <c>local/.state</c>.</summary>
public sealed class KafkaJsTests(SharedBrokers brokers)
{
    private static readonly string Modules = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "local", ".state", "kafkajs", "node_modules"));

    [Theory, OnEveryBroker]
    public async Task What_it_writes_is_read(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Exchange.Partitions);
        var records = Exchange.NewRecords("kafkajs");

        await RunAsync(broker, "produce", topic, ForeignJson.Write(records.Select(record => new { record.Key, record.Value, record.Headers, Timestamp = $"{record.Timestamp}" })));

        await Exchange.AssertReadAsync(broker, topic, records);
    }

    [Theory, OnEveryBroker]
    public async Task It_reads_and_commits_as_a_member_of_a_group(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Exchange.Partitions);
        var group = ConfluentClients.NewGroup();
        var records = Exchange.NewRecords("confluent");
        await Exchange.WriteAsync(broker, topic, records);

        var read = await RunAsync(broker, "group", topic, group, $"{records.Count}");

        Exchange.AssertSame(records, ForeignJson.Read<List<ForeignRecord>>(read));
        await Exchange.AssertCommittedAsync(broker, topic, group);
    }

    [Theory, OnEveryBroker]
    public async Task It_finds_the_ends_of_a_partition_and_a_time_in_it(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        await Exchange.WriteAsync(broker, topic, Exchange.NewRecords("confluent"));

        var ends = await RunAsync(broker, "offsets", topic);
        var time = await RunAsync(broker, "time", topic, $"{Exchange.Time.AddMinutes(6.5).ToUnixTimeMilliseconds()}");

        Assert.Equal([new(0, 0, 20)], ForeignJson.Read<List<ForeignRange>>(ends));
        Assert.Equal([new(0, 7)], ForeignJson.Read<List<ForeignOffset>>(time));
    }

    private static Task<string> RunAsync(BrokerUnderTest broker, string command, string topic, params string[] arguments)
    {
        var node = CommandLine.Find("node");
        Assert.SkipWhen(node is null, "Node.js is not installed: ./test system installs it.");
        Assert.SkipUnless(Directory.Exists(Modules), $"kafkajs is not in {Modules}: ./test system installs it.");
        return CommandLine.RunAsync(new(node, [Path.Combine(AppContext.BaseDirectory, "Clients", "kafkajs", "client.mjs"), command, broker.BootstrapServers, topic, .. arguments])
        {
            Environment = { ["NODE_PATH"] = Modules },
        });
    }
}
