using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// How a service connects a consumer to Kafka: sections <c>Aspire:Confluent:Kafka:Consumer</c> and <c>Aspire:Confluent:Kafka:Consumer:NAME</c>, then
/// <c>ConnectionStrings:NAME</c>.
/// </summary>
public sealed class KafkaConsumerSettings
{
    /// <summary>The bootstrap servers, as <c>host:port</c>, comma-separated. If set, it replaces those in <see cref="Config"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The settings of the consumer, by the names of Confluent.Kafka.</summary>
    public ConsumerConfig Config { get; } = new();

    /// <summary>Leaves out the statistics of librdkafka, every second by default. The default is <see langword="false"/>.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Leaves out the health check. The default is <see langword="false"/>.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>
    /// Leaves out the spans of the package's own instrumentation. The default is <see langword="false"/>.
    /// Confluent.Kafka itself emits none, so that here there is nothing to leave out.
    /// </summary>
    public bool DisableTracing { get; set; }
}
