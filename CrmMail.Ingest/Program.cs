using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Limits;
using CrmMail.Ingest.Spill;
using CrmMail.Ingest.Telemetry;
using CrmMail.Ingest.Webhooks;

// Webhooks -> Kafka, nothing else: size, signature, minimal shape, acknowledgement of the broker, 202.
var builder = WebApplication.CreateBuilder(args);
builder.AddBasicServiceDefaults();
builder.AddIngestTelemetry();
builder.AddLimits();
builder.AddEventProducer();
builder.AddSpilledBodies();
builder.AddWebhooks();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseLimits();
app.MapWebhooks();
app.Run();
