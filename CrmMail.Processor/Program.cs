using CrmMail.Processor;

// Kafka -> decode -> classify -> claim -> match -> write, one transaction per batch.
var builder = WebApplication.CreateBuilder(args);
builder.AddBasicServiceDefaults();
builder.AddServers();
builder.AddPipeline();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
