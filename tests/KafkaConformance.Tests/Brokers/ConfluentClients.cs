using Confluent.Kafka;

namespace KafkaConformance.Tests.Brokers;

/// <summary>Confluent.Kafka with short waiting times.</summary>
internal static class ConfluentClients
{
    public static IProducer<string?, string?> NewProducer(this BrokerUnderTest broker, Action<ProducerConfig>? configure = null)
    {
        var config = Connect<ProducerConfig>(broker);
        config.LingerMs = 1;
        config.Partitioner = Partitioner.Murmur2Random;
        configure?.Invoke(config);
        return new ProducerBuilder<string?, string?>(config).SetLogHandler(Ignore).SetErrorHandler(Ignore).Build();
    }

    public static IConsumer<string?, string?> NewConsumer(
        this BrokerUnderTest broker,
        string group,
        Action<ConsumerConfig>? configure = null,
        Action<ConsumerBuilder<string?, string?>>? build = null)
    {
        var config = Connect<ConsumerConfig>(broker);
        config.GroupId = group;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.EnableAutoCommit = false;
        config.FetchWaitMaxMs = 100;
        config.SessionTimeoutMs = 10_000;
        config.HeartbeatIntervalMs = 200;
        configure?.Invoke(config);
        var builder = new ConsumerBuilder<string?, string?>(config).SetLogHandler(Ignore).SetErrorHandler(Ignore);
        build?.Invoke(builder);
        return builder.Build();
    }

    public static IAdminClient NewAdmin(this BrokerUnderTest broker) =>
        new AdminClientBuilder(Connect<AdminClientConfig>(broker)).SetLogHandler(Ignore).SetErrorHandler(Ignore).Build();

    /// <summary>A group that no other test has.</summary>
    public static string NewGroup() => $"group-{Guid.NewGuid():N}";

    private static T Connect<T>(BrokerUnderTest broker)
        where T : ClientConfig, new()
    {
        return new()
        {
            BootstrapServers = broker.BootstrapServers,
            BrokerAddressFamily = BrokerAddressFamily.V4,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 200,
            TopicMetadataRefreshFastIntervalMs = 50,
            AllowAutoCreateTopics = false,
        };
    }

    // Tests cut connections and kill brokers; what matters of it shows in results and exceptions.
    private static void Ignore<TClient, T>(TClient client, T message)
    {
    }
}
