using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Limits;
using CrmMail.Ingest.MailParse;
using CrmMail.Ingest.Telemetry;
using CrmMail.Ingest.Webhooks;

namespace CrmMail.Ingest;

internal static class IngestExtensions
{
    /// <summary>
    /// All of Ingest but where it puts events: <see cref="EventProducerExtensions.AddEventProducer"/> and
    /// <see cref="Spill.SpillExtensions.AddSpilledBodies"/>.
    /// </summary>
    public static void AddIngest(this WebApplicationBuilder builder)
    {
        builder.AddBasicServiceDefaults();
        builder.AddIngestTelemetry();
        builder.AddLimits();
        builder.AddEventPublisher();
        builder.AddWebhooks();
        builder.AddMailParse();
    }

    /// <summary>The way of a request: limits that need no body come first.</summary>
    public static void MapIngest(this WebApplication app)
    {
        app.UseProblems();
        app.MapDefaultEndpoints();
        app.UseLimits();
        app.MapWebhooks();
        app.MapMailParse();
    }
}
