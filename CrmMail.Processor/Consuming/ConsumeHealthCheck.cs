using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.Processor.Consuming;

/// <summary>Red when the consumer has not been polled for so long that the group will soon do without it.</summary>
internal sealed class ConsumeHealthCheck(ConsumeThread thread, Assignments assignments) : IHealthCheck
{
    public const string Name = "consumer";

    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(60);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(thread.SinceLastPoll > Hanging
            ? HealthCheckResult.Unhealthy("The consumer is no longer polled.")
            : HealthCheckResult.Healthy($"{assignments.Current.Count} partitions are assigned."));
}
