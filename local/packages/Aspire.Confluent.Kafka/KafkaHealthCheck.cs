using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy when a broker answers a metadata request. Says nothing about topics, consumer groups or lag.</summary>
/// <remarks>
/// One client for all probes. It is not built upon the service's own client, which the service may close, and start anew, at any time.
/// </remarks>
internal sealed class KafkaHealthCheck(ClientConfig config, Action throwIfIncomplete, ILogger logger) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    // What a client needs to reach a broker; settings of producing and consuming are not for an admin client.
    private static readonly string[] ConnectionProperties =
        ["bootstrap.", "security.", "sasl.", "ssl.", "enable.ssl.", "https.", "socket.", "broker.", "client."];

    private readonly Lock _building = new();
    private IAdminClient? _client;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        throwIfIncomplete();
        try
        {
            await RequestMetadataAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (KafkaException e)
        {
            // An outage is an expected result: one line in the log, without a stack trace.
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>Registers the check once for its name, as often as the client may be added.</summary>
    public static void Add(IHostApplicationBuilder builder, string name, ClientConfig config, Action throwIfIncomplete)
    {
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            builder.Services.AddKeyedSingleton(name, (services, _) => new KafkaHealthCheck(
                config, throwIfIncomplete, services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaLog.Category)));
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                name, services => services.GetRequiredKeyedService<KafkaHealthCheck>(name), failureStatus: null, tags: null));
        }
    }

    /// <summary>
    /// The request blocks its thread, which therefore is one of its own. DescribeClusterAsync would block none, but librdkafka 2.16
    /// ends the process when that finds brokers that accept connections and do not answer.
    /// </summary>
    private Task<Metadata> RequestMetadataAsync(CancellationToken cancellationToken)
        => Task.Factory.StartNew(
            () => Client().GetMetadata(RequestTimeout),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).WaitAsync(cancellationToken);

    private IAdminClient Client()
    {
        lock (_building)
        {
            return _client ??= new AdminClientBuilder(config.Where(IsConnectionProperty))
                .SetLogHandler((_, message) => KafkaLog.WriteProbe(logger, message))
                .Build();
        }
    }

    private static bool IsConnectionProperty(KeyValuePair<string, string> property)
        => ConnectionProperties.Any(prefix => property.Key.StartsWith(prefix, StringComparison.Ordinal));
}
