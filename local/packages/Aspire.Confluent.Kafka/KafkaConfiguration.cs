using Confluent.Kafka;
using Microsoft.Extensions.Configuration;

namespace Aspire.Confluent.Kafka;

/// <summary>Reads settings: the general section, then the one with the connection's name, then the connection string, then the delegate.</summary>
internal static class KafkaConfiguration
{
    public const string ProducerSection = "Aspire:Confluent:Kafka:Producer";
    public const string ConsumerSection = "Aspire:Confluent:Kafka:Consumer";

    public static KafkaProducerSettings ReadProducer(
        IConfiguration configuration, string connectionName, Action<KafkaProducerSettings>? configureSettings)
    {
        var settings = new KafkaProducerSettings();
        var section = configuration.GetSection(ProducerSection);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.ConnectionString = configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        Apply(settings.ConnectionString, settings.DisableMetrics, settings.Config);
        return settings;
    }

    public static KafkaConsumerSettings ReadConsumer(
        IConfiguration configuration, string connectionName, Action<KafkaConsumerSettings>? configureSettings)
    {
        var settings = new KafkaConsumerSettings();
        var section = configuration.GetSection(ConsumerSection);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.ConnectionString = configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        Apply(settings.ConnectionString, settings.DisableMetrics, settings.Config);
        return settings;
    }

    /// <exception cref="InvalidOperationException">There is no broker to connect to.</exception>
    public static void ThrowIfIncomplete(KafkaProducerSettings settings, string connectionName)
        => ThrowIfNoServers(settings.Config, connectionName, ProducerSection);

    /// <exception cref="InvalidOperationException">There is no broker to connect to, or no consumer group to be a member of.</exception>
    public static void ThrowIfIncomplete(KafkaConsumerSettings settings, string connectionName)
    {
        ThrowIfNoServers(settings.Config, connectionName, ConsumerSection);
        if (settings.Config.GroupId is null)
        {
            throw new InvalidOperationException($"No group id configured. Set '{ConsumerSection}:Config:GroupId'.");
        }
    }

    private static void ThrowIfNoServers(ClientConfig config, string connectionName, string section)
    {
        if (string.IsNullOrEmpty(config.BootstrapServers))
        {
            throw new InvalidOperationException(
                $"No bootstrap servers configured. Set 'ConnectionStrings:{connectionName}' or '{section}:ConnectionString'.");
        }
    }

    private static void Apply(string? connectionString, bool disableMetrics, ClientConfig config)
    {
        config.BootstrapServers = connectionString ?? config.BootstrapServers;
        if (!disableMetrics)
        {
            config.StatisticsIntervalMs ??= 1000;
        }
    }
}
