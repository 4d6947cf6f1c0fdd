using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Healthy when Redis answers PING on the connection that the service itself uses.</summary>
internal sealed class RedisHealthCheck(IServiceProvider services, object? serviceKey) : IHealthCheck
{
    // A command that finds no connection waits in the backlog for 5 seconds; a probe wants to know sooner.
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(2);

    private IConnectionMultiplexer? _connection;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var connection = _connection ??= await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await connection.GetDatabase().PingAsync().WaitAsync(PingTimeout, cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // An outage is an expected result: one line in the log, without a stack trace.
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }

    /// <summary>The first resolution connects synchronously, for as long as the connect timeout: not on a thread that answers requests.</summary>
    private Task<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
        => Task.Factory.StartNew(
            () => services.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).WaitAsync(PingTimeout, cancellationToken);
}
