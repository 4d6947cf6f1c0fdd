using CrmMail.Api.Access;
using CrmMail.Api.Accounts;
using CrmMail.Api.Attachments;
using CrmMail.Api.Blocklist;
using CrmMail.Api.Companies;
using CrmMail.Api.Contacts;
using CrmMail.Api.Deals;
using CrmMail.Api.Description;
using CrmMail.Api.EmailEngine;
using CrmMail.Api.Messages;
using CrmMail.Api.Operations;
using CrmMail.Api.Problems;
using CrmMail.Api.Storage;
using CrmMail.Api.Threads;
using CrmMail.Api.Timelines;
using CrmMail.Api.Unmatched;

// What CRM programs and operators call. It reads Postgres and talks to EmailEngine; no request but that for the content of a dead letter waits for Kafka.
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("crm");
builder.AddProblems();
builder.AddAccess();
builder.AddDescription();
builder.AddEmailEngine();
builder.AddAccounts();
builder.AddMessages();
builder.AddContacts();
builder.AddUnmatched();
builder.AddCompanies();
builder.AddDeals();
builder.AddBlocklist();
builder.AddTimelines();
builder.AddThreads();
builder.AddAttachments();
builder.AddStorage();
builder.AddOperations();

return await builder.RunServiceAsync(app =>
{
    app.MapDefaultEndpoints();
    app.UseProblems();
    app.UseAccess();
    app.MapDescription();
    app.MapApiKeys();
    app.MapAccounts();
    app.MapMessages();
    app.MapContacts();
    app.MapUnmatched();
    app.MapCompanies();
    app.MapDeals();
    app.MapBlocklist();
    app.MapTimelines();
    app.MapThreads();
    app.MapAttachments();
    app.MapStorage();
    app.MapOperations();
});
