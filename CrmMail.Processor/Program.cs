using CrmMail.Processor;
using CrmMail.Processor.Consuming;
using CrmMail.Processor.Ledger;

// Kafka -> decode -> classify -> claim -> match -> write, one transaction per batch.
var builder = WebApplication.CreateBuilder(args);
builder.AddBasicServiceDefaults();
builder.AddServers();
builder.AddPipeline();
builder.AddReplay();
builder.AddLedger();

var app = builder.Build();
app.MapDefaultEndpoints();
var consume = app.Services.GetRequiredService<ConsumeThread>();
app.Run();
return consume.HasFailed ? 1 : 0;
