using System.Globalization;
using KafkaConformance.Tests.Brokers;

namespace KafkaConformance.Tests.Clients;

/// <summary>The Java client as the programs of <c>KAFKA_HOME</c> use it.</summary>
public sealed class JavaToolsTests(SharedBrokers brokers)
{
    [Theory, OnEveryBroker]
    public async Task What_the_console_producer_writes_is_read(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Exchange.Partitions);
        var records = Exchange.NewRecords("java");
        var lines = string.Concat(records.Select(record => $"event-id:{record.Headers["event-id"]}\t{record.Key}\t{record.Value}\n"));

        await RunAsync(
            "kafka-console-producer.sh", broker, lines, "--topic", topic, "--compression-codec", "zstd",
            "--reader-property", "parse.headers=true", "--reader-property", "parse.key=true");

        await Exchange.AssertReadAsync(broker, topic, records, hasTimes: false);
    }

    [Theory, OnEveryBroker]
    public async Task The_console_consumer_reads_and_commits_as_a_member_of_a_group_that_can_be_described(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = await broker.CreateTopicAsync(Exchange.Partitions);
        var group = ConfluentClients.NewGroup();
        var records = Exchange.NewRecords("confluent");
        await Exchange.WriteAsync(broker, topic, records);

        var read = await RunAsync(
            "kafka-console-consumer.sh", broker, null, "--topic", topic, "--group", group, "--from-beginning", "--max-messages", $"{records.Count}",
            "--formatter-property", "print.timestamp=true", "--formatter-property", "print.headers=true", "--formatter-property", "print.key=true");
        var described = await RunAsync("kafka-consumer-groups.sh", broker, null, "--describe", "--group", group);

        Exchange.AssertSame(records, Parse(read));
        await Exchange.AssertCommittedAsync(broker, topic, group);
        Assert.Equal(Exchange.Partitions, described.Split('\n').Count(line => line.StartsWith(group, StringComparison.Ordinal)));
    }

    [Theory, OnEveryBroker]
    public async Task Topics_are_created_measured_by_time_and_trimmed(BrokerKind kind)
    {
        var broker = await brokers.GetAsync(kind);
        var topic = $"topic-{Guid.NewGuid():N}";
        var trim = Path.GetTempFileName();
        await File.WriteAllTextAsync(trim, $$"""{"partitions":[{"topic":"{{topic}}","partition":0,"offset":4}],"version":1}""", TestContext.Current.CancellationToken);

        await RunAsync("kafka-topics.sh", broker, null, "--create", "--topic", topic, "--partitions", "1", "--config", "retention.ms=-1");
        await broker.WaitForTopicAsync(topic, 1);
        await Exchange.WriteAsync(broker, topic, Exchange.NewRecords("confluent"));
        var atTime = await RunAsync("kafka-get-offsets.sh", broker, null, "--topic", topic, "--time", $"{Exchange.Time.AddMinutes(6.5).ToUnixTimeMilliseconds()}");
        await RunAsync("kafka-delete-records.sh", broker, null, "--offset-json-file", trim);
        File.Delete(trim);

        Assert.Equal($"{topic}:0:7", atTime.Trim());
        Assert.Equal(16, broker.ReadAll(topic).Count);
    }

    private static IEnumerable<ForeignRecord> Parse(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line.StartsWith("CreateTime:", StringComparison.Ordinal))
        .Select(line => line.Split('\t'))
        .Select(fields => new ForeignRecord
        {
            Timestamp = long.Parse(fields[0]["CreateTime:".Length..], CultureInfo.InvariantCulture),
            Headers = fields[1].Split(',').Select(header => header.Split(':')).ToDictionary(header => header[0], header => header[1]),
            Key = fields[2],
            Value = fields[3],
        });

    private static Task<string> RunAsync(string program, BrokerUnderTest broker, string? input, params string[] arguments)
    {
        Assert.SkipWhen(ApacheBroker.Home is null, "KAFKA_HOME names no Apache Kafka, whose programs this is about.");
        return CommandLine.RunAsync(ApacheBroker.Program(program, ["--bootstrap-server", broker.BootstrapServers, .. arguments]), input);
    }
}
