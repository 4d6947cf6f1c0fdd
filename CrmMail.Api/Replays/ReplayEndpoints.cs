using System.ComponentModel;
using System.Security.Claims;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmMail.Api.Replays;

internal static class ReplayEndpoints
{
    private const string RunList = "replays";
    private const string ChangeList = "replay-changes";

    public static void AddReplays(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ReplayTable>();
        builder.Services.AddSingleton<ReplayDesk>();
    }

    public static void MapReplays(this IEndpointRouteBuilder routes)
    {
        var replays = routes.MapGroup("/api/replays").WithTags("Replays").RequireScope(ApiScope.Ops);
        replays.MapPost("/", StartAsync).TakesExample(ReplayExamples.Request).AnswersExample(ReplayExamples.Run, StatusCodes.Status202Accepted);
        replays.MapGet("/", ListAsync).AnswersExample(new Page<ReplayRun>([ReplayExamples.Run], null));
        replays.MapGet("/{id}", ReadAsync).AnswersExample(ReplayExamples.Run).FailsWith(ProblemKind.NotFound);
        replays.MapGet("/{id}/changes", ListChangesAsync).AnswersExample(new Page<ReplayChange>([ReplayExamples.Change], null)).FailsWith(ProblemKind.NotFound);
        replays.MapPost("/{id}/cancel", CancelAsync).AnswersExample(ReplayExamples.Cancelled).FailsWith(ProblemKind.NotFound);
    }

    /// <summary>Replay events</summary>
    /// <remarks>
    /// Reads a range of events once more, beside the live ones. Without `execute` the run changes nothing and tells what it would do: see
    /// its counts and its changes. The end of the range is fixed when the run starts.
    /// </remarks>
    internal static async Task<Results<Accepted<ReplayRun>, Problem>> StartAsync(
        ReplayRequest request, ClaimsPrincipal caller, ReplayDesk desk, TimeProvider time, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (ReplayOrder.Read(request, time.GetUtcNow(), faults) is not { } order)
        {
            return Problem.Invalid(faults);
        }

        var run = await desk.StartAsync(order, request, caller.ActorName(), cancellationToken);
        return TypedResults.Accepted($"/api/replays/{run.Id}", run);
    }

    /// <summary>List the replays</summary>
    /// <remarks>The latest first.</remarks>
    internal static async Task<Ok<Page<ReplayRun>>> ListAsync([AsParameters] PageQuery page, ReplayTable table, CancellationToken cancellationToken)
    {
        var before = page.Position<RunPosition>(RunList);
        var runs = await table.ListAsync(before?.At, before?.Id ?? Guid.Empty, page.Size + 1, cancellationToken);
        return TypedResults.Ok(Page.Of(runs, page.Size, run => Cursor.Encode(RunList, new RunPosition(run.RequestedAt, run.Id))));
    }

    /// <summary>Read a replay</summary>
    internal static async Task<Results<Ok<ReplayRun>, Problem>> ReadAsync(
        [Description("The run.")] Guid id, ReplayTable table, CancellationToken cancellationToken) =>
        await table.FindAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : NoSuchRun();

    /// <summary>What a replay changed</summary>
    /// <remarks>Or, of a verify, would change: one entry per activity, in the order in which it was found. Nothing of the mails is shown.</remarks>
    internal static async Task<Results<Ok<Page<ReplayChange>>, Problem>> ListChangesAsync(
        [Description("The run.")] Guid id,
        [Description("Only changes of this kind: `added`, `changed`, `moved`, `removed`.")] string? kind,
        [AsParameters] PageQuery page,
        ReplayTable table,
        CancellationToken cancellationToken)
    {
        var after = page.Position<ChangePosition>(ChangeList)?.Id ?? 0;
        var wanted = ReadKind(kind);
        if (await table.FindAsync(id, cancellationToken) is null)
        {
            return NoSuchRun();
        }

        var changes = await table.ListChangesAsync(id, wanted, after, page.Size + 1, cancellationToken);
        var shown = Page.Of(changes, page.Size, last => Cursor.Encode(ChangeList, new ChangePosition(last.Id)));
        return TypedResults.Ok(new Page<ReplayChange>([.. shown.Items.Select(item => item.Change)], shown.Next));
    }

    /// <summary>Cancel a replay</summary>
    /// <remarks>It stops within a second; what it has changed until then stays. Of a run that has ended already, nothing changes.</remarks>
    internal static async Task<Results<Ok<ReplayRun>, Problem>> CancelAsync(
        [Description("The run.")] Guid id, ClaimsPrincipal caller, ReplayDesk desk, CancellationToken cancellationToken) =>
        await desk.CancelAsync(id, caller.ActorName(), cancellationToken) is { } run ? TypedResults.Ok(run) : NoSuchRun();

    private static ReplayChangeKind? ReadKind(string? text) =>
        text is null ? null
        : StableText.TryParse<ReplayChangeKind>(text, out var kind) ? kind
        : throw new ProblemException(Problem.Invalid("kind", "The kind is added, changed, moved or removed."));

    private static Problem NoSuchRun() => new(ProblemKind.NotFound, "There is no replay with this id.");

    private sealed record RunPosition(DateTimeOffset At, Guid Id);

    private sealed record ChangePosition(long Id);
}
