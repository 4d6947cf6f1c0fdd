using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Limits;

/// <summary>Limits below HTTP handlers. A webhook has about ten short headers; a sender that is slow with them is none.</summary>
internal sealed class KestrelLimits(IOptions<LimitOptions> limits) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = limits.Value.MaxBodyBytes;
        options.Limits.MaxConcurrentConnections = limits.Value.MaxConcurrentConnections;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestHeaderCount = 50;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
    }
}
