using Aspire.Hosting.ApplicationModel;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local.Kafka;

/// <summary>Healthy when the broker answers a metadata request.</summary>
internal sealed class KafkaHealthCheck(KafkaServerResource broker) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private IAdminClient? _client;

    public KafkaServerResource Broker => broker;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var bootstrapServers = await ((IResourceWithConnectionString)broker).GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);

        // librdkafka's call blocks its thread until the broker answers.
        return await Task.Factory.StartNew(() => Check(bootstrapServers!), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    public void Dispose() => _client?.Dispose();

    private HealthCheckResult Check(string bootstrapServers)
    {
        try
        {
            var metadata = Client(bootstrapServers).GetMetadata(Patience);
            return metadata.Brokers.Count > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The broker knows of no broker yet.");
        }
        catch (KafkaException exception)
        {
            return HealthCheckResult.Unhealthy($"{bootstrapServers}: {exception.Error.Reason}");
        }
    }

    private IAdminClient Client(string bootstrapServers)
    {
        lock (_gate)
        {
            return _client ??= new AdminClientBuilder(new AdminClientConfig
            {
                BootstrapServers = bootstrapServers,
                SocketTimeoutMs = (int)Patience.TotalMilliseconds,
                ReconnectBackoffMaxMs = 1000,
            })
            .SetLogHandler((_, _) => { /* While the broker starts, every refused connection would be logged; the health check says it once. */ })
            .Build();
        }
    }
}
