using CrmMail.Ingest;
using CrmMail.Ingest.Heartbeats;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.MailParse.Polling;
using CrmMail.Ingest.Spill;

// Webhooks and listings -> Kafka, nothing else: size, signature, minimal shape, acknowledgement of the broker, 202.
var builder = WebApplication.CreateBuilder(args);
builder.AddIngest();
builder.AddEventProducer();
builder.AddSpilledBodies();
builder.AddHeartbeat();
builder.AddMailParsePolling();

return await builder.RunServiceAsync(app => app.MapIngest());
