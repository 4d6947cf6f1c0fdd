using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace CrmMail.ServiceDefaults.Health;

/// <summary>Gives every registered check half of the probe's time.</summary>
internal sealed class BoundedHealthChecks(IServiceScopeFactory scopes, IOptions<HealthEndpointOptions> endpoint)
    : IPostConfigureOptions<HealthCheckServiceOptions>
{
    public void PostConfigure(string? name, HealthCheckServiceOptions options)
    {
        foreach (var registration in options.Registrations)
        {
            var bounded = new BoundedHealthCheck(registration.Factory, scopes, endpoint.Value.RequestTimeout / 2);
            registration.Factory = _ => bounded;
        }
    }
}
