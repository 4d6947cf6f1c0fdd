using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Contacts;

internal static class ErasureEndpoints
{
    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);
    private static readonly ErasureCertificate Example = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120008"),
        new Guid("0198d5a5-7c00-7000-8000-0242ac120002"),
        "crm frontend",
        ExampleTime,
        ExampleTime.AddSeconds(2),
        ErasedData.Example,
        [
            new("activities", "Subjects and first words of mails that others take part in.", KeptFor.ForEver),
            new(MailTopics.Events, "Webhooks as they came. Whatever reads them again leaves the person out.", KeptFor.Until, ExampleTime.AddDays(97), ExampleTime.AddDays(-3)),
        ]);

    public static void AddErasure(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ErasureOptions>().BindConfiguration(ErasureOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new AddressHashes(services.GetRequiredService<IOptions<ErasureOptions>>().Value));
        builder.Services.AddSingleton<Tombstones>();
        builder.Services.AddSingleton<ErasureTable>();
        builder.Services.AddSingleton<ContactEraser>();
        builder.Services.AddSingleton<ErasureWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ErasureWorker>());
    }

    public static void MapErasures(this IEndpointRouteBuilder routes) => routes.MapGroup("/api/erasures").WithTags("Contacts").RequireScope(ApiScope.Crm)
        .MapGet("/{id}", ReadAsync).AnswersExample(Example).FailsWith(ProblemKind.NotFound);

    /// <summary>Read the certificate of an erasure</summary>
    /// <remarks>What went of a person, what is kept, and until when: by the retention of the topics as it was when the person was erased.</remarks>
    internal static async Task<Results<Ok<ErasureCertificate>, Problem>> ReadAsync(
        [Description("The erasure: `erasureId` of the answer to the request.")] Guid id, ErasureTable erasures, CancellationToken cancellationToken) =>
        await erasures.FindAsync(id, cancellationToken) is { } certificate ? TypedResults.Ok(certificate) : new Problem(ProblemKind.NotFound, "There is no erasure with this id.");
}
