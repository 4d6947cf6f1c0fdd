using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Kafka consumer for a service, with its health check and logs.</summary>
public static class AspireKafkaConsumerExtensions
{
    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaConsumerSettings}?, Action{IServiceProvider, ConsumerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName)
        => AddConsumer<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaConsumerSettings}?, Action{IServiceProvider, ConsumerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings)
        => AddConsumer<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaConsumerSettings}?, Action{IServiceProvider, ConsumerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => AddConsumer(builder, connectionName, serviceKey: null, null, WithServices(configureBuilder));

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaConsumerSettings}?, Action{IServiceProvider, ConsumerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => AddConsumer(builder, connectionName, serviceKey: null, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaConsumer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaConsumerSettings}?, Action{IServiceProvider, ConsumerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => AddConsumer(builder, connectionName, serviceKey: null, configureSettings, WithServices(configureBuilder));

    /// <summary>Registers <see cref="IConsumer{TKey, TValue}"/> as a singleton that is built when it is first asked for.</summary>
    /// <param name="builder">The application to read configuration from and to add services to.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called last, after configuration has been read.</param>
    /// <param name="configureBuilder">Called when the consumer is first asked for: serializers, handlers.</param>
    /// <exception cref="InvalidOperationException">There is no broker to connect to, or no group id. Thrown when the consumer is first asked for.</exception>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => AddConsumer(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <summary>As AddKafkaConsumer, with <paramref name="name"/> both as the service key and as the connection name.</summary>
    /// <param name="builder">The application to read configuration from and to add services to.</param>
    /// <param name="name">The service key, and the name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called last, after configuration has been read.</param>
    /// <param name="configureBuilder">Called when the consumer is first asked for: serializers, handlers.</param>
    /// <exception cref="InvalidOperationException">There is no broker to connect to, or no group id. Thrown when the consumer is first asked for.</exception>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => AddConsumer(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void AddConsumer<TKey, TValue>(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = KafkaConfiguration.ReadConsumer(builder.Configuration, connectionName, configureSettings);

        // A null key registers and resolves the unkeyed service.
        builder.Services.AddKeyedSingleton(serviceKey, (services, _) =>
        {
            KafkaConfiguration.ThrowIfIncomplete(settings, connectionName);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaLog.Category);
            var consumerBuilder = new LoggingConsumerBuilder<TKey, TValue>(settings.Config, logger);
            configureBuilder?.Invoke(services, consumerBuilder);
            return consumerBuilder.Build();
        });

        if (!settings.DisableHealthChecks)
        {
            var name = serviceKey is null ? "Aspire.Confluent.Kafka.Consumer" : $"Aspire.Confluent.Kafka.Consumer_{serviceKey}";
            KafkaHealthCheck.Add(
                builder, name, settings.Config, () => KafkaConfiguration.ThrowIfIncomplete(settings, connectionName));
        }
    }

    private static Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? WithServices<TKey, TValue>(
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder)
        => configureBuilder is null ? null : (_, consumerBuilder) => configureBuilder(consumerBuilder);
}
