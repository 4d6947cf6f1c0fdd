using System.Diagnostics;
using CrmMail.Contracts;

namespace CrmMail.Ingest.Telemetry;

/// <summary>The spans of Ingest (OpenTelemetry semantic conventions for messaging 1.44).</summary>
internal static class IngestTracing
{
    private static readonly ActivitySource Source = new(MailTelemetry.Ingest);

    /// <summary>Covers the time until the acknowledgement; its id travels with the record. Null when nobody listens.</summary>
    public static Activity? StartSend(CorrelationId correlationId)
    {
        var span = Source.StartActivity("send " + MailTopics.Events, ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("messaging.system", "kafka");
            span.SetTag("messaging.operation.name", "send");
            span.SetTag("messaging.operation.type", "send");
            span.SetTag("messaging.destination.name", MailTopics.Events);
            span.SetTag(MailTelemetry.CorrelationIdTag, correlationId.Value);
        }

        return span;
    }
}
