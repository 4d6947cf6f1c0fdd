using CrmMail.Migrator;

// Runs once before the services: the schema, the first API key, the topics. Exit code 0 means that all of it is there.
var builder = Host.CreateApplicationBuilder(args);
builder.ConfigureOpenTelemetry();
builder.AddServers();
builder.AddMigration();

using var host = builder.Build();
return await Migration.RunAsync(host);
