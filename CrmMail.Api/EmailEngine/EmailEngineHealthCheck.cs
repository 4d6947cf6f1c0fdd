using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.Api.EmailEngine;

/// <summary>Whether EmailEngine answers.</summary>
internal sealed class EmailEngineHealthCheck(EmailEngineClient emailEngine) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await emailEngine.CheckHealthAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (EmailEngineException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "EmailEngine does not answer.", exception);
        }
    }
}
