using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.Ingest.Kafka;

/// <summary>Part of liveness: red once the producer is beyond help.</summary>
internal sealed class FatalErrorCheck(FatalError fatal) : IHealthCheck
{
    public const string Name = "kafka-producer";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(fatal.Seen is { } error
            ? HealthCheckResult.Unhealthy($"The producer failed for good: {error.Code}.")
            : HealthCheckResult.Healthy());
}
