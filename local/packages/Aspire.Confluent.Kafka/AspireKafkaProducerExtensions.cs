using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Kafka producer for a service, with its health check and logs.</summary>
public static class AspireKafkaProducerExtensions
{
    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName)
        => AddProducer<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings)
        => AddProducer<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => AddProducer(builder, connectionName, serviceKey: null, null, WithServices(configureBuilder));

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => AddProducer(builder, connectionName, serviceKey: null, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => AddProducer(builder, connectionName, serviceKey: null, configureSettings, WithServices(configureBuilder));

    /// <summary>Registers <see cref="IProducer{TKey, TValue}"/> as a singleton that is built when it is first asked for.</summary>
    /// <param name="builder">The application to read configuration from and to add services to.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called last, after configuration has been read.</param>
    /// <param name="configureBuilder">Called when the producer is first asked for: serializers, handlers.</param>
    /// <exception cref="InvalidOperationException">There is no broker to connect to. Thrown when the producer is first asked for.</exception>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => AddProducer(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <summary>As AddKafkaProducer, with <paramref name="name"/> both as the service key and as the connection name.</summary>
    /// <param name="builder">The application to read configuration from and to add services to.</param>
    /// <param name="name">The service key, and the name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called last, after configuration has been read.</param>
    /// <param name="configureBuilder">Called when the producer is first asked for: serializers, handlers.</param>
    /// <exception cref="InvalidOperationException">There is no broker to connect to. Thrown when the producer is first asked for.</exception>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        => AddProducer(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void AddProducer<TKey, TValue>(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = KafkaConfiguration.ReadProducer(builder.Configuration, connectionName, configureSettings);

        // A null key registers and resolves the unkeyed service.
        builder.Services.AddKeyedSingleton(serviceKey, (services, _) =>
        {
            KafkaConfiguration.ThrowIfIncomplete(settings, connectionName);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaLog.Category);
            var producerBuilder = new LoggingProducerBuilder<TKey, TValue>(settings.Config, logger);
            configureBuilder?.Invoke(services, producerBuilder);
            return producerBuilder.Build();
        });

        if (!settings.DisableHealthChecks)
        {
            var name = serviceKey is null ? "Aspire.Confluent.Kafka.Producer" : $"Aspire.Confluent.Kafka.Producer_{serviceKey}";
            KafkaHealthCheck.Add(
                builder, name, settings.Config, () => KafkaConfiguration.ThrowIfIncomplete(settings, connectionName));
        }
    }

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? WithServices<TKey, TValue>(
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder)
        => configureBuilder is null ? null : (_, producerBuilder) => configureBuilder(producerBuilder);
}
