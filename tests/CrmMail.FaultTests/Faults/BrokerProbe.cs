using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CrmMail.FaultTests.Faults;

/// <summary>Finds out whether the broker writes, with a topic of its own.</summary>
internal static class BrokerProbe
{
    private const string Topic = "disk-of-the-broker";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether a record was acknowledged.</summary>
    public static async Task<bool> CanWriteAsync(string servers, CancellationToken cancellationToken)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = servers,
            Acks = Acks.All,
            MessageTimeoutMs = (int)Patience.TotalMilliseconds,
        })
        .SetLogHandler((_, _) => { /* A broker that has ended would be logged with every attempt to reach it. */ })
        .Build();
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        try
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 1, ReplicationFactor = 1 }], new() { RequestTimeout = Patience });
        }
        catch (CreateTopicsException exception) when (exception.Results.TrueForAll(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
        }
        catch (KafkaException)
        {
            return false;
        }

        try
        {
            await producer.ProduceAsync(Topic, new() { Value = "" }, cancellationToken);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}
