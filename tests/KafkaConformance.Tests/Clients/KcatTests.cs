using System.Globalization;
using KafkaConformance.Tests.Brokers;
using KafkaConformance.Tests.Wire;

namespace KafkaConformance.Tests.Clients;

/// <summary>kcat with the librdkafka of the system, which is older than the one of Confluent.Kafka.</summary>
public sealed class KcatTests(SharedBrokers brokers)
{
    // As kcat's -f: key, value, headers, time; one record each line.
    private const string Format = @"%k\t%s\t%h\t%T\n";

    [Theory, OnEveryBroker("none", "gzip", "snappy", "lz4", "zstd")]
    public async Task What_it_writes_with_any_codec_is_read(BrokerKind kind, string codec)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Exchange.Partitions);
        var records = Exchange.NewRecords("kcat").Select(record => record with { Headers = new() { ["from"] = "kcat" } }).ToArray();
        var lines = string.Concat(records.Select(record => $"{record.Key}\t{record.Value}\n"));

        await RunAsync(broker, lines, "-P", "-t", topic, "-K", @"\t", "-H", "from=kcat", "-z", codec, "-X", "topic.partitioner=murmur2_random", "-X", "enable.idempotence=true");

        await Exchange.AssertReadAsync(broker, topic, records, hasTimes: false);
    }

    /// <remarks>An older librdkafka compresses only for a broker that offers certain versions.</remarks>
    [Theory, OnEveryBroker("gzip", "snappy", "lz4", "zstd")]
    public async Task It_compresses(BrokerKind kind, string codec)
    {
        const int Size = 100_000;
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();

        await RunAsync(broker, new string('x', Size) + "\n", "-P", "-t", topic, "-p", "0", "-z", codec);

        using var wire = await WireConnection.OpenAsync(broker);
        Assert.InRange((await wire.FetchAsync(topic, 0)).Records.Length, 1, Size / 10);
        Assert.Equal(Size, Assert.Single(broker.ReadAll(topic)).Message.Value!.Length);
    }

    [Theory, OnEveryBroker]
    public async Task It_reads_and_commits_as_a_member_of_a_group(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Exchange.Partitions);
        var group = ConfluentClients.NewGroup();
        var records = Exchange.NewRecords("confluent");
        await Exchange.WriteAsync(broker, topic, records);

        var read = await RunAsync(broker, null, "-f", Format, "-e", "-X", "auto.offset.reset=earliest", "-G", group, topic);

        Exchange.AssertSame(records, Parse(read));
        await Exchange.AssertCommittedAsync(broker, topic, group);
    }

    [Theory, OnEveryBroker]
    public async Task It_reads_from_an_offset_and_from_a_time_on(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        var records = Exchange.NewRecords("confluent");
        await Exchange.WriteAsync(broker, topic, records);

        var fromOffset = await RunAsync(broker, null, "-C", "-t", topic, "-p", "0", "-o", "15", "-e", "-f", Format);
        var fromTime = await RunAsync(broker, null, "-C", "-t", topic, "-p", "0", "-o", $"s@{records[17].Timestamp}", "-e", "-f", Format);

        Exchange.AssertSame(records.Skip(15), Parse(fromOffset));
        Exchange.AssertSame(records.Skip(17), Parse(fromTime));
    }

    [Theory, OnEveryBroker]
    public async Task It_finds_the_ends_of_a_partition_and_a_time_in_it(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync();
        await Exchange.WriteAsync(broker, topic, Exchange.NewRecords("confluent"));

        foreach (var (time, expected) in new (long, long)[] { (-2, 0), (-1, 20), (Exchange.Time.AddMinutes(6.5).ToUnixTimeMilliseconds(), 7) })
        {
            Assert.Equal($"{topic} [0] offset {expected}", (await RunAsync(broker, null, "-Q", "-t", $"{topic}:0:{time}")).Trim());
        }
    }

    [Theory, OnEveryBroker]
    public async Task It_lists_brokers_and_topics(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(partitions: 3);

        var listed = await RunAsync(broker, null, "-L", "-t", topic);

        Assert.Contains($"at localhost:{broker.Port} (controller)", listed, StringComparison.Ordinal);
        Assert.Contains($"topic \"{topic}\" with 3 partitions", listed, StringComparison.Ordinal);
    }

    private static IEnumerable<ForeignRecord> Parse(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('\t'))
        .Select(fields => new ForeignRecord
        {
            Key = fields[0],
            Value = fields[1],
            Headers = fields[2].Split(',').Select(header => header.Split('=')).ToDictionary(header => header[0], header => header[1]),
            Timestamp = long.Parse(fields[3], CultureInfo.InvariantCulture),
        });

    private static Task<string> RunAsync(BrokerUnderTest broker, string? input, params string[] arguments)
    {
        var kcat = CommandLine.Find("kcat");
        Assert.SkipWhen(kcat is null, "kcat is not installed: ./test system installs it.");
        return CommandLine.RunAsync(new(kcat, ["-b", broker.BootstrapServers, "-q", "-X", "broker.address.family=v4", .. arguments]), input);
    }
}
