using System.ComponentModel;
using Confluent.Kafka;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmMail.Api.DeadLetters;

internal static class DeadLetterEndpoints
{
    public static void AddDeadLetters(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeadLetterStore>();
        builder.Services.AddSingleton<DeadLetterRunStore>();
        builder.Services.AddSingleton<DeadLetterRecords>();
        builder.Services.AddSingleton<DeadLetterExport>();
        builder.Services.AddSingleton<Func<DeadLetterReader>>(services => () => OpenReader(services));
    }

    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var letters = routes.MapGroup("/api/dead-letters").WithTags("Dead letters").RequireScope(ApiScope.Ops);
        letters.MapGet("/", ListAsync).AnswersExample(new Page<DeadLetter>([DeadLetterExamples.Letter], null));
        letters.MapGet("/{id:long}", ReadAsync).AnswersExample(DeadLetterExamples.Opened).FailsWith(ProblemKind.NotFound, ProblemKind.KafkaUnavailable);
        letters.MapGet("/stats", ReadCausesAsync).AnswersExample(new Page<DeadLetterCause>([DeadLetterExamples.Cause], null));
        letters.MapGet("/export", ExportAsync)
            .Produces<OpenedDeadLetter>(contentType: DeadLetterExport.ContentType)
            .AnswersExample(DeadLetterExamples.Opened with { Audit = null }).FailsWith(ProblemKind.KafkaUnavailable);
        letters.MapDeadLetterRuns();
    }

    /// <summary>List dead letters</summary>
    /// <remarks>Records that could not be processed, newest first.</remarks>
    internal static async Task<Ok<Page<DeadLetter>>> ListAsync(
        [AsParameters] DeadLetterQuery query, [AsParameters] PageQuery page, DeadLetterStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(query.ToFilter(), page, cancellationToken));

    /// <summary>Read a dead letter</summary>
    /// <remarks>With its headers and body as Kafka has them, and what operators have done with it.</remarks>
    internal static async Task<Results<Ok<OpenedDeadLetter>, Problem>> ReadAsync(
        [Description("The letter.")] long id, DeadLetterStore store, DeadLetterRecords records, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } letter)
        {
            return new Problem(ProblemKind.NotFound, "There is no dead letter with this id.");
        }

        using var reader = records.Open();
        var content = await records.ReadAsync(letter, reader, cancellationToken);
        return TypedResults.Ok(new OpenedDeadLetter(letter, content) { Audit = await store.ReadAuditAsync(id, cancellationToken) });
    }

    /// <summary>List the causes of dead letters</summary>
    /// <remarks>Letters of one cause have one fingerprint. The cause of most open letters comes first.</remarks>
    internal static async Task<Ok<Page<DeadLetterCause>>> ReadCausesAsync([AsParameters] PageQuery page, DeadLetterStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ReadCausesAsync(page, cancellationToken));

    /// <summary>Export dead letters</summary>
    /// <remarks>
    /// One letter per line, oldest first by and large, with headers and body. If the export itself fails after the first line, the last line is
    /// `{"problem": ...}`.
    /// </remarks>
    internal static Task ExportAsync([AsParameters] DeadLetterQuery query, DeadLetterExport export, HttpContext context, CancellationToken cancellationToken) =>
        export.WriteAsync(query.ToFilter(), context, cancellationToken);

    private static DeadLetterReader OpenReader(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var client = new ConsumerConfig();
        configuration.GetSection("Aspire:Confluent:Kafka:Consumer:Config").Bind(client);
        client.BootstrapServers = configuration.GetConnectionString("kafka") ?? client.BootstrapServers;
        return new DeadLetterReader(client, services.GetRequiredService<ILogger<DeadLetterReader>>());
    }
}
