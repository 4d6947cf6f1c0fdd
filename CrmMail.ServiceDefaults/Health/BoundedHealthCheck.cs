using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.ServiceDefaults.Health;

/// <summary>A check that answers in time, whatever the one within does.</summary>
/// <remarks>
/// Cancellation alone is not enough: against a server that accepts connections and then is silent, a client may block even while it
/// cancels (Npgsql opens a connection for it). Probes that come meanwhile wait for the run that is under way and start no further one.
/// </remarks>
internal sealed class BoundedHealthCheck(
    Func<IServiceProvider, IHealthCheck> check, IServiceScopeFactory scopes, TimeSpan timeout) : IHealthCheck
{
    private readonly Lock _starting = new();
    private Task<HealthCheckResult>? _run;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var run = CurrentRun(context);
        try
        {
            return await run.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"No answer within {timeout.TotalSeconds} s.");
        }
    }

    private Task<HealthCheckResult> CurrentRun(HealthCheckContext context)
    {
        lock (_starting)
        {
            return _run = _run is { IsCompleted: false } ? _run : Task.Run(() => RunAsync(context));
        }
    }

    private async Task<HealthCheckResult> RunAsync(HealthCheckContext context)
    {
        using var cancellation = new CancellationTokenSource(timeout);
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            return await check(scope.ServiceProvider).CheckHealthAsync(context, cancellation.Token).ConfigureAwait(false);
        }
    }
}
