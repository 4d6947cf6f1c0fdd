using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Limits;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.Ingest.Kafka;

internal static class EventProducerExtensions
{
    private const string ConnectionName = "kafka";

    public static void AddEventProducer(this IHostApplicationBuilder builder)
    {
        builder.AddKafkaProducer<byte[], byte[]>(ConnectionName, Configure, ReportErrors);
        builder.Services.AddSingleton<IEventProducer, KafkaEventProducer>();
        builder.Services.AddHostedService<ProducerShutdown>();
        builder.Services.AddHealthChecks()
            .AddCheck<BrokerCheck>(BrokerCheck.Name, HealthStatus.Degraded)
            .AddCheck<FatalErrorCheck>(FatalErrorCheck.Name, tags: ["live"]);
        builder.Services.AddSingleton<BrokerCheck>();
    }

    /// <summary>All but the producer itself: <see cref="IEventProducer"/>.</summary>
    public static void AddEventPublisher(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CircuitBreaker>();
        builder.Services.AddSingleton<FatalError>();
        builder.Services.AddSingleton<EventPublisher>();
    }

    /// <summary>
    /// Settings with <c>=</c> are what the promise of a 2xx rests upon; those with <c>??=</c> can be chosen in the section
    /// <c>Aspire:Confluent:Kafka:Producer:Config</c>.
    /// </summary>
    internal static void Configure(KafkaProducerSettings settings)
    {
        // The check would write into a topic of its own, and turn the service red. Spans and metrics are those of EventPublisher.
        settings.DisableHealthChecks = true;
        settings.DisableTracing = true;
        settings.DisableMetrics = true;

        var config = settings.Config;
        MailEventRecord.Secure(config);

        // delivery.timeout.ms. librdkafka looks once a second for what has waited too long, so that its own error comes before
        // EventPublisher.AckTimeout has passed.
        config.MessageTimeoutMs ??= 4_000;
        config.RequestTimeoutMs ??= 3_000;
        config.SocketTimeoutMs ??= 5_000;
        config.SocketConnectionSetupTimeoutMs ??= 3_000;
        config.ReconnectBackoffMaxMs ??= 1_000;
        config.LingerMs ??= 1;

        // Above what InFlightGate lets in, so that the gate and not the queue is the limit.
        config.QueueBufferingMaxMessages ??= 2 * LimitOptions.MostInFlightRequests;
        config.QueueBufferingMaxKbytes ??= (int)(2 * LimitOptions.MostInFlightBytes / 1024);
    }

    private static void ReportErrors(IServiceProvider services, ProducerBuilder<byte[], byte[]> producer)
    {
        var fatal = services.GetRequiredService<FatalError>();
        var breaker = services.GetRequiredService<CircuitBreaker>();
        producer.SetErrorHandler((_, error) =>
        {
            if (error.IsFatal)
            {
                fatal.Report(error);
            }
            else if (error.Code == ErrorCode.Local_AllBrokersDown)
            {
                breaker.BrokersLost();
            }
        });
    }
}
