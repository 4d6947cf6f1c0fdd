using System.ComponentModel;
using System.Text.Json;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmMail.Api.Operations;

internal static class AuditEndpoint
{
    private const string ListName = "audit";

    private static readonly AuditEntry Example = new(
        17,
        new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero),
        "operator",
        OperationAction.RequeueDeadLetters,
        JsonElement.Parse("""{"filter":{"reason":"schema"},"ratePerSecond":100}"""),
        new Guid("0198d5a5-7c00-7000-8000-0242ac120003"),
        JsonElement.Parse("""{"state":"completed","total":12,"done":12,"failed":0}"""));

    public static void AddOperationsAudit(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<OperationsAudit>();

    public static void MapOperationsAudit(this IEndpointRouteBuilder routes) => routes.MapGroup("/api/audit").WithTags("Operations").RequireScope(ApiScope.Ops)
        .MapGet("/", ListAsync).AnswersExample(new Page<AuditEntry>([Example], null));

    /// <summary>List what operators asked for</summary>
    /// <remarks>Whatever was to change data, newest first. A dry run is not recorded.</remarks>
    internal static async Task<Ok<Page<AuditEntry>>> ListAsync(
        [Description("Only entries of this action, such as `dead-letters.requeue`.")] string? action,
        [Description("Only entries of this run.")] Guid? runId,
        [AsParameters] PageQuery page,
        OperationsAudit audit,
        CancellationToken cancellationToken)
    {
        var before = page.Position<Position>(ListName)?.Id;
        var entries = await audit.ListAsync(before, ReadAction(action), runId, page.Size + 1, cancellationToken);
        return TypedResults.Ok(Page.Of(entries, page.Size, last => Cursor.Encode(ListName, new Position(last.Id))));
    }

    private static OperationAction? ReadAction(string? text) =>
        text is null ? null
        : StableText.TryParse<OperationAction>(text, out var action) ? action
        : throw new ProblemException(Problem.Invalid("action", "There is no such action."));

    private sealed record Position(long Id);
}
