using System.Buffers.Text;
using System.Globalization;

namespace Aspire.Hosting.Local.Kafka;

/// <summary>
/// Runs the Apache Kafka of <c>KAFKA_HOME</c> as one node, broker and controller in one process (KRaft), or the broker of this repository where there is none.
/// </summary>
internal sealed class KafkaProcess(KafkaServerResource broker)
{
    private const string LoggingFile = "log4j2.properties";

    // At INFO the broker prints some thousand settings before it says that it has started.
    private const string Logging = """
        status = error
        appender.console.type = Console
        appender.console.name = console
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %p %m (%c)%n
        rootLogger.level = WARN
        rootLogger.appenderRef.console.ref = console
        logger.server.name = kafka.server.KafkaRaftServer
        logger.server.level = INFO

        """;

    public async Task<ProcessSpec> PrepareAsync(ProcessRecipeContext context, CancellationToken cancellationToken)
    {
        var data = context.DataFolder;
        if (FindHome() is not { } home)
        {
            return RepositoryBroker(context, data);
        }

        var logs = Path.Combine(data, "log");
        var properties = Path.Combine(data, "server.properties");
        await File.WriteAllTextAsync(properties, Properties(logs), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(data, LoggingFile), Logging, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(Path.Combine(logs, "meta.properties")))
        {
            await FormatAsync(home, properties, context, cancellationToken).ConfigureAwait(false);
        }

        return new(Path.Combine(home, "bin", "kafka-server-start.sh"), [properties]) { Environment = JavaEnvironment(data, "-Xms256m -Xmx512m") };
    }

    private static string? FindHome()
    {
        var home = Environment.GetEnvironmentVariable("KAFKA_HOME");
        if (string.IsNullOrEmpty(home))
        {
            return null;
        }

        return File.Exists(Path.Combine(home, "bin", "kafka-server-start.sh"))
            ? Path.GetFullPath(home)
            : throw new DistributedApplicationException($"KAFKA_HOME={home} is not the folder of an Apache Kafka distribution: there is no bin/kafka-server-start.sh.");
    }

    // In a folder of its own: neither of the two can read the other's records.
    private ProcessSpec RepositoryBroker(ProcessRecipeContext context, string data)
    {
        var built = ProjectProcess.Of(Path.Combine(context.State.Repository, "local/kafka/KafkaBroker.csproj"), assemblyName: "kafka");
        var port = broker.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        return built with { Arguments = [.. built.Arguments, "--data", Path.Combine(data, "broker"), "--port", port] };
    }

    private static Dictionary<string, string> JavaEnvironment(string data, string heap) => new()
    {
        ["KAFKA_HEAP_OPTS"] = heap,
        ["KAFKA_LOG4J_OPTS"] = $"-Dlog4j2.configurationFile={Path.Combine(data, LoggingFile)}",
        ["LOG_DIR"] = Path.Combine(data, "server-log"),
    };

    private static async Task FormatAsync(string home, string properties, ProcessRecipeContext context, CancellationToken cancellationToken)
    {
        context.Log("formatting the log folder");
        var format = new ProcessSpec(
            Path.Combine(home, "bin", "kafka-storage.sh"),
            ["format", $"--cluster-id={ClusterId(Guid.NewGuid())}", "--config", properties])
        {
            Environment = JavaEnvironment(Path.GetDirectoryName(properties)!, "-Xmx128m"),
        };
        if (await LocalProcess.RunAsync(format, (line, _) => context.Log(line), cancellationToken).ConfigureAwait(false) != 0)
        {
            throw new DistributedApplicationException("Kafka could not format its log folder; its output is above.");
        }
    }

    // One argument with its name: an id that begins with a hyphen would be taken for a name.
    private static string ClusterId(Guid id) => Base64Url.EncodeToString(id.ToByteArray());

    private string Properties(string logs)
    {
        var port = broker.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        var controllerPort = PortAllocator.Free().ToString(CultureInfo.InvariantCulture);
        return $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@localhost:{controllerPort}
            listeners=PLAINTEXT://localhost:{port},CONTROLLER://localhost:{controllerPort}
            advertised.listeners=PLAINTEXT://localhost:{port}
            inter.broker.listener.name=PLAINTEXT
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
            log.dirs={logs}
            auto.create.topics.enable=false
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=4
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            group.initial.rebalance.delay.ms=0

            """;
    }
}
