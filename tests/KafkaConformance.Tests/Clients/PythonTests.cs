using System.Diagnostics;
using KafkaConformance.Tests.Brokers;

namespace KafkaConformance.Tests.Clients;

/// <summary>kafka-python, the system's package for the system's Python.</summary>
public sealed class PythonTests(SharedBrokers brokers)
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<Task<bool>> IsInstalled = new(async () =>
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import kafka"]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    });

    [Theory, OnEveryBroker("none", "gzip", "snappy", "lz4")]
    public async Task What_it_writes_with_any_codec_is_read(BrokerKind kind, string codec)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Exchange.Partitions);
        var records = Exchange.NewRecords("python");

        await RunAsync(broker, "produce", topic, codec, ForeignJson.Write(records));

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

    private static async Task<string> RunAsync(BrokerUnderTest broker, string command, string topic, params string[] arguments)
    {
        Assert.SkipUnless(await IsInstalled.Value, $"kafka-python is not installed for {Python} (package python3-kafka): ./test system installs it.");
        return await CommandLine.RunAsync(new(Python, [Path.Combine(AppContext.BaseDirectory, "Clients", "python", "client.py"), command, broker.BootstrapServers, topic, .. arguments]));
    }
}
