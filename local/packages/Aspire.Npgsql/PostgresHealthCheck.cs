using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Npgsql;

/// <summary>Healthy when the database answers a query on a connection of the pool that the service itself uses.</summary>
internal sealed class PostgresHealthCheck(IServiceProvider services, object? serviceKey) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Resolved here and not in a constructor: a wrong connection string is then an unhealthy result and not a failed request.
        var dataSource = services.GetRequiredKeyedService<NpgsqlDataSource>(serviceKey);
        try
        {
            var command = dataSource.CreateCommand("SELECT 1");
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            }

            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException e)
        {
            // An outage is an expected result: one line in the log, without a stack trace.
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message);
        }
    }
}
