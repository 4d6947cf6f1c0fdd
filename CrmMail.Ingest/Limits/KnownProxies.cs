using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Limits;

/// <summary>
/// Believes <c>X-Forwarded-For</c> of the configured proxies and of nobody else, and the last hop only. After all other configuration,
/// because ASPNETCORE_FORWARDEDHEADERS_ENABLED, which Aspire sets for published services, would believe everybody.
/// </summary>
internal sealed class KnownProxies(IOptions<LimitOptions> limits) : IPostConfigureOptions<ForwardedHeadersOptions>
{
    public void PostConfigure(string? name, ForwardedHeadersOptions options)
    {
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        options.ForwardLimit = 1;

        // With both lists empty the middleware would check nobody.
        options.ForwardedHeaders = limits.Value.KnownProxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor;
        foreach (var text in limits.Value.KnownProxies)
        {
            if (NetworkList.TryParse(text, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
        }
    }
}
