using CrmMail.AppHost.EmailEngine;
using CrmMail.AppHost.MailParse;
using CrmMail.AppHost.Operations;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

builder.AddDockerComposeEnvironment("compose");

// Generated at the first run and kept with the user secrets; Parameters__webhook-secret and so on choose them.
var webhookSecret = builder.AddParameter("webhook-secret", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
var mailParseSecret = builder.AddParameter("mailparse-secret", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
var apiKey = builder.AddParameter("api-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);

// Where browsers may be sent once a mailbox is connected: the origin of the CRM's own pages.
var crmOrigin = builder.AddParameter("crm-origin", "http://localhost:3000");

// Where mail is routed to deals and companies by its address, and the key of the tags that make such an address.
var inboundDomain = builder.AddParameter("inbound-domain", "inbound.example");
var routingSecret = builder.AddParameter("routing-secret", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

// By this key erased people are known again: who loses it lets replays bring them back.
var erasureKey = builder.AddParameter("erasure-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

// By this key, 256 bits in Base64, bodies of mails are encrypted where they are stored: who loses it loses them.
var bodyKey = builder.AddParameter("body-key", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);

var postgres = builder.AddPostgres("postgres");
var crm = postgres.AddDatabase("crm");

// Remembers what was written. Losing it costs Postgres some work and nothing else (R2).
var redis = builder.AddRedis("redis");

var kafka = builder.AddKafka("kafka");

// Tables, topics and the first API key, once and before anything uses them.
var migrator = builder.AddProject<Projects.CrmMail_Migrator>("migrator")
    .WithReference(crm).WaitFor(crm)
    .WithReference(kafka).WaitFor(kafka)
    .WithEnvironment("ApiKeys__Initial", apiKey);

var ingest = builder.AddProject<Projects.CrmMail_Ingest>("ingest")
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(crm).WaitForCompletion(migrator)
    .WithEnvironment("Webhooks__Secrets__0", webhookSecret)
    .WithEnvironment("Webhooks__MailParse__Secrets__0", mailParseSecret)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Webhooks");

// librdkafka gives back records on other threads than those that read them: with an arena of glibc for each thread, memory that is free stays taken.
builder.AddProject<Projects.CrmMail_Processor>("processor")
    .WithEnvironment("MALLOC_ARENA_MAX", "2")
    .WithReference(kafka).WaitFor(kafka)
    .WithReference(redis).WaitFor(redis)
    .WithReference(crm).WaitForCompletion(migrator)
    .WithEnvironment("Routing__Domain", inboundDomain)
    .WithEnvironment("Routing__Secrets__0", routingSecret)
    .WithEnvironment("Erasure__Keys__0", erasureKey)
    .WithEnvironment("Bodies__MasterKeys__0__Id", "first")
    .WithEnvironment("Bodies__MasterKeys__0__Key", bodyKey)
    .WithHttpHealthCheck("/health");

var api = builder.AddProject<Projects.CrmMail_Api>("api")
    .WithReference(crm).WaitForCompletion(migrator)
    .WithReference(kafka)
    .WithEnvironment("Connect__AllowedRedirectOrigins__0", crmOrigin)
    .WithEnvironment("Routing__Domain", inboundDomain)
    .WithEnvironment("Routing__Secrets__0", routingSecret)
    .WithEnvironment("Erasure__Keys__0", erasureKey)
    .WithEnvironment("Bodies__MasterKeys__0__Id", "first")
    .WithEnvironment("Bodies__MasterKeys__0__Key", bodyKey)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Api")
    .WithOperationsCommands(apiKey);

if (builder.Configuration.GetConnectionString("emailengine") is null)
{
    var emailEngineRedis = builder.AddEmailEngineRedis("emailengine-redis");
    var emailEngine = builder.AddEmailEngine("emailengine")
        .WithRedis(emailEngineRedis).WaitFor(emailEngineRedis)
        .WithWebhooks(ingest, "/webhooks/emailengine", webhookSecret)
        .WithUrlForEndpoint("http", url => url.DisplayText = "EmailEngine");
    api.WithReference(emailEngine).WaitFor(emailEngine);
}
else
{
    // One that runs elsewhere, whose webhooks are pointed at Ingest there.
    api.WithReference(builder.AddConnectionString("emailengine"));
}

if (builder.ExecutionContext.IsRunMode)
{
    builder.AddMailParse("mailparse", ingest, mailParseSecret);
    postgres.WithDataVolume().WithPgWeb();
    redis.WithDataVolume();
    kafka.WithDataVolume().WithKafkaUI();
}

builder.Build().Run();
