using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local;

/// <summary>Asks the health checks of a running resource again and again, often while they are red.</summary>
internal sealed class HealthMonitor(IResource resource, RunnerServices services)
{
    private static readonly TimeSpan WhileRed = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhileGreen = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken running)
    {
        var checks = resource.Annotations.OfType<HealthCheckAnnotation>().Select(annotation => annotation.Key).ToHashSet();
        var ready = false;
        try
        {
            while (true)
            {
                var healthy = await CheckAsync(checks, running).ConfigureAwait(false);
                ready = ready || (healthy && await BecomeReadyAsync(running).ConfigureAwait(false));
                if (checks.Count == 0 && ready)
                {
                    return;
                }

                await Task.Delay(healthy && ready ? WhileGreen : WhileRed, services.Time, running).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> CheckAsync(HashSet<string> checks, CancellationToken running)
    {
        if (checks.Count == 0)
        {
            return true;
        }

        var report = await services.HealthChecks.CheckHealthAsync(registration => checks.Contains(registration.Name), running).ConfigureAwait(false);
        ImmutableArray<HealthReportSnapshot> reports =
            [.. report.Entries.Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.Message))];
        services.Publish(resource, snapshot => snapshot.HealthReports.SequenceEqual(reports) ? snapshot : snapshot with { HealthReports = reports });
        return report.Status == HealthStatus.Healthy;
    }

    private async Task<bool> BecomeReadyAsync(CancellationToken running)
    {
        try
        {
            foreach (var annotation in resource.Annotations.OfType<ResourceReadyCallbackAnnotation>())
            {
                await annotation.Callback(running).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!running.IsCancellationRequested)
        {
            services.Logs.Write(resource.Name, $"Not ready yet: {exception.Message}", isError: true);
            return false;
        }

        services.Publish(resource, snapshot => snapshot with { IsReady = true });
        return true;
    }
}
