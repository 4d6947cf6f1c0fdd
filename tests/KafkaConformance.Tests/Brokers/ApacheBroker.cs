using System.Diagnostics;

namespace KafkaConformance.Tests.Brokers;

/// <summary>The Apache Kafka of <c>KAFKA_HOME</c> as one node, with the waiting times of production cut short.</summary>
internal sealed class ApacheBroker : BrokerUnderTest
{
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

    private readonly int _controllerPort = FreePort.Next();

    /// <summary>Its folder; null if there is none.</summary>
    public static string? Home => Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } home ? home : null;

    /// <summary>One of its programs, whose Java starts fast rather than runs fast.</summary>
    public static ProcessStartInfo Program(string name, params string[] arguments) => new(Path.Combine(Home!, "bin", name), arguments)
    {
        Environment = { ["KAFKA_OPTS"] = "-XX:TieredStopAtLevel=1 -Xshare:auto" },
    };

    private protected override async Task PrepareAsync(string folder)
    {
        await File.WriteAllTextAsync(PropertiesFile(folder), Properties(folder));
        await File.WriteAllTextAsync(LoggingFile(folder), Logging);
        var format = Program("kafka-storage.sh", "format", "--cluster-id", "AAAAAAAAAAAAAAAAAAAAAQ", "--config", PropertiesFile(folder));
        await CommandLine.RunAsync(InFolder(format, folder));
    }

    private protected override ProcessStartInfo Command(string folder) => InFolder(Program("kafka-server-start.sh", PropertiesFile(folder)), folder);

    private protected override bool IsReady(string line) => line.Contains("Kafka Server started", StringComparison.Ordinal);

    private static ProcessStartInfo InFolder(ProcessStartInfo program, string folder)
    {
        program.Environment["KAFKA_HEAP_OPTS"] = "-Xms256m -Xmx512m";
        program.Environment["KAFKA_LOG4J_OPTS"] = $"-Dlog4j2.configurationFile={LoggingFile(folder)}";
        program.Environment["LOG_DIR"] = Path.Combine(folder, "server-log");
        return program;
    }

    private static string PropertiesFile(string folder) => Path.Combine(folder, "server.properties");

    private static string LoggingFile(string folder) => Path.Combine(folder, "log4j2.properties");

    private string Properties(string folder) => $"""
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@localhost:{_controllerPort}
        listeners=PLAINTEXT://localhost:{Port},CONTROLLER://localhost:{_controllerPort}
        advertised.listeners=PLAINTEXT://localhost:{Port}
        inter.broker.listener.name=PLAINTEXT
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
        log.dirs={Path.Combine(folder, "log")}
        num.partitions=12
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        group.initial.rebalance.delay.ms=0
        log.initial.task.delay.ms=500
        log.retention.check.interval.ms=500
        log.segment.delete.delay.ms=500
        # A broker that was killed may register again only after its session.
        broker.session.timeout.ms=3000
        broker.heartbeat.interval.ms=300

        """;
}
