using CrmMail.NaiveProcessor;
using CrmMail.Processor;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Consuming;
using StackExchange.Redis;

// The Processor with one mistake, which the fault tests must notice: a claim in Redis lets an event be skipped before it is written.
var builder = WebApplication.CreateBuilder(args);
builder.AddBasicServiceDefaults();
builder.AddServers();
builder.AddPipeline();
builder.Services.AddSingleton<Func<IBatchPipeline>>(services => () => new NaiveClaimPipeline(
    services.GetRequiredService<BatchPipelineFactory>().Create(), services.GetRequiredService<IConnectionMultiplexer>()));

var app = builder.Build();
app.MapDefaultEndpoints();
var consume = app.Services.GetRequiredService<ConsumeThread>();
app.Run();
return consume.HasFailed ? 1 : 0;
