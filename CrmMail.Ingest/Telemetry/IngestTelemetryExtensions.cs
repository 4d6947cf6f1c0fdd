using System.Diagnostics;

namespace CrmMail.Ingest.Telemetry;

internal static class IngestTelemetryExtensions
{
    /// <summary>Metrics and spans of Ingest itself. The service defaults export every meter and source named <c>CrmMail.*</c>.</summary>
    public static void AddIngestTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IngestMetrics>();
        builder.Services.AddSingleton<DistributedContextPropagator, UntrustedTraceContext>();
    }
}
