using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Bodies;

internal static class BodyEndpoints
{
    private static readonly BodySettings ExampleSettings = new(365, 262_144, [new("2026", true, true, 1204), new("2025", true, false, 96)]);

    public static void AddBodies(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BodyOptions>().BindConfiguration(BodyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new MasterKeys(services.GetRequiredService<IOptions<BodyOptions>>().Value));
        builder.Services.AddSingleton<BodyStore>();
    }

    public static void MapBodies(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/api").WithTags("Bodies").RequireScope(ApiScope.Crm).MapGet("/activities/{id:long}/body", ReadAsync)
            .AnswersExample(ActivityBody.Example)
            .FailsWith(ProblemKind.NotFound, ProblemKind.BodyNotStored, ProblemKind.BodyUnreadable, ProblemKind.BodyKeyMissing);
        routes.MapGroup("/api/settings/bodies").WithTags("Bodies").RequireScope(ApiScope.Ops).MapGet("/", ReadSettingsAsync).AnswersExample(ExampleSettings);
    }

    /// <summary>Read the body of a mail</summary>
    /// <remarks>
    /// At the level `body` text and HTML are stored, encrypted, for as long as the retention says. Of a mail that has none, `reason` tells why: `level`
    /// (the account stores less), `expired`, `erased` (nobody is left by whose key it could be read) or `never-sent`. The HTML is what the sender wrote: clean it before it is shown.
    /// </remarks>
    internal static async Task<Results<Ok<ActivityBody>, Problem>> ReadAsync(
        [Description("An activity of the mail.")] long id, BodyStore bodies, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        return await bodies.FindAsync(id, cancellationToken) switch
        {
            null => new Problem(ProblemKind.NotFound, "There is no activity with this id."),
            { Body: { } body } => TypedResults.Ok(ActivityBody.Of(body)),
            { Absence: var absence } => new Problem(ProblemKind.BodyNotStored) { Members = new Dictionary<string, object?> { ["reason"] = absence } },
        };
    }

    /// <summary>Read how bodies are kept</summary>
    /// <remarks>And how far a change of the master key is: it is through when only the current one has data keys.</remarks>
    internal static async Task<Ok<BodySettings>> ReadSettingsAsync(BodyStore bodies, IOptions<BodyOptions> options, CancellationToken cancellationToken) =>
        TypedResults.Ok(new BodySettings(options.Value.RetentionDays, options.Value.MaxLength, await bodies.CountKeysAsync(cancellationToken)));
}
