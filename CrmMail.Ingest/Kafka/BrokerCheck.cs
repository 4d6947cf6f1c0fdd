using Confluent.Kafka;
using Confluent.Kafka.Admin;
using CrmMail.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.Ingest.Kafka;

/// <summary>
/// Whether the broker answers and has the topic. Degraded at worst: without a broker Ingest still has to be reachable, for its 503
/// with Retry-After tells the sender more than the refused connection of a load balancer.
/// </summary>
internal sealed class BrokerCheck(IProducer<byte[], byte[]> producer) : IHealthCheck, IDisposable
{
    public const string Name = "kafka";

    private static readonly DescribeTopicsOptions Options = new() { RequestTimeout = TimeSpan.FromSeconds(2) };
    private static readonly TopicCollection Topics = TopicCollection.OfTopicNames([MailTopics.Events]);

    // On the producer's own connections: what they cannot reach, it cannot either.
    private readonly IAdminClient _admin = new DependentAdminClientBuilder(producer.Handle).Build();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await _admin.DescribeTopicsAsync(Topics, Options).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (KafkaException failure)
        {
            return HealthCheckResult.Degraded($"The broker or the topic is not there: {failure.Error.Code}.");
        }
    }

    public void Dispose() => _admin.Dispose();
}
