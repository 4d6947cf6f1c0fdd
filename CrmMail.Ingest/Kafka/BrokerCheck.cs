using Confluent.Kafka;
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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // On the producer's own connections: what they cannot reach, it cannot either.
    private readonly IAdminClient _admin = new DependentAdminClientBuilder(producer.Handle).Build();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Metadata and not DescribeTopics: an admin request that times out while the broker is away can take down the process, see
            // https://github.com/confluentinc/librdkafka/issues/4605. It blocks its thread.
            var metadata = await Task.Run(() => _admin.GetMetadata(MailTopics.Events, Patience), cancellationToken).WaitAsync(cancellationToken);
            var error = metadata.Topics[0].Error;
            return error.IsError ? NotThere(error) : HealthCheckResult.Healthy();
        }
        catch (KafkaException failure)
        {
            return NotThere(failure.Error);
        }
    }

    private static HealthCheckResult NotThere(Error error) => HealthCheckResult.Degraded($"The broker or the topic is not there: {error.Code}.");

    public void Dispose() => _admin.Dispose();
}
