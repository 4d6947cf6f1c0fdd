using System.ComponentModel;
using System.Security.Claims;
using CrmMail.Api.Description;
using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.DeadLetters;

internal static class DeadLetterRunEndpoints
{
    private const int MaxRequestBytes = 64 * 1024;

    public static void MapDeadLetterRuns(this IEndpointRouteBuilder letters)
    {
        var small = new RequestSizeLimitAttribute(MaxRequestBytes);
        letters.MapPost("/requeue", RequeueAsync).WithMetadata(small)
            .TakesExample(DeadLetterExamples.Order)
            .AnswersExample(DeadLetterExamples.Plan).AnswersExample(new AcceptedDeadLetterOrder(true, DeadLetterExamples.Run), StatusCodes.Status202Accepted);
        letters.MapPost("/discard", DiscardAsync).WithMetadata(small)
            .TakesExample(DeadLetterExamples.Order)
            .AnswersExample(DeadLetterExamples.Plan).AnswersExample(new AcceptedDeadLetterOrder(true, DeadLetterExamples.Run), StatusCodes.Status202Accepted);

        var runs = letters.MapGroup("/runs");
        runs.MapGet("/", ListAsync).AnswersExample(new Page<DeadLetterRun>([DeadLetterExamples.Run], null));
        runs.MapGet("/{id}", ReadAsync).AnswersExample(DeadLetterExamples.Run).FailsWith(ProblemKind.NotFound);
        runs.MapPost("/{id}/cancel", CancelAsync).AnswersExample(DeadLetterExamples.Run).FailsWith(ProblemKind.NotFound);
    }

    /// <summary>Put dead letters back</summary>
    /// <remarks>
    /// Their records go to `mail.events` once more, as they were. Without `execute` the answer tells what would be done, and nothing is
    /// changed. What was put back 5 times is withheld without `force`. To put a record back again changes nothing that was right.
    /// </remarks>
    internal static Task<Results<Ok<DeadLetterPlan>, Accepted<AcceptedDeadLetterOrder>, Problem>> RequeueAsync(
        DeadLetterOrder order, ClaimsPrincipal caller, DeadLetterRunStore runs, CancellationToken cancellationToken) =>
        AcceptAsync(DeadLetterAction.Requeue, order, caller, runs, cancellationToken);

    /// <summary>Discard dead letters</summary>
    /// <remarks>They stay unprocessed, and can still be found by their state. Without `execute` nothing is changed.</remarks>
    internal static Task<Results<Ok<DeadLetterPlan>, Accepted<AcceptedDeadLetterOrder>, Problem>> DiscardAsync(
        DeadLetterOrder order, ClaimsPrincipal caller, DeadLetterRunStore runs, CancellationToken cancellationToken) =>
        AcceptAsync(DeadLetterAction.Discard, order, caller, runs, cancellationToken);

    /// <summary>List the runs over dead letters</summary>
    /// <remarks>Newest first.</remarks>
    internal static async Task<Ok<Page<DeadLetterRun>>> ListAsync([AsParameters] PageQuery page, DeadLetterRunStore runs, CancellationToken cancellationToken) =>
        TypedResults.Ok(await runs.ListAsync(page, cancellationToken));

    /// <summary>Read a run over dead letters</summary>
    internal static async Task<Results<Ok<DeadLetterRun>, Problem>> ReadAsync(
        [Description("The run.")] Guid id, DeadLetterRunStore runs, CancellationToken cancellationToken) =>
        await runs.FindAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : NoSuchRun();

    /// <summary>Cancel a run over dead letters</summary>
    /// <remarks>It ends within a second. What it has done stays done. One that has ended stays as it is.</remarks>
    internal static async Task<Results<Ok<DeadLetterRun>, Problem>> CancelAsync(
        [Description("The run.")] Guid id, ClaimsPrincipal caller, DeadLetterRunStore runs, CancellationToken cancellationToken) =>
        await runs.CancelAsync(id, caller.ActorName(), cancellationToken) is { } run ? TypedResults.Ok(run) : NoSuchRun();

    private static async Task<Results<Ok<DeadLetterPlan>, Accepted<AcceptedDeadLetterOrder>, Problem>> AcceptAsync(
        DeadLetterAction action, DeadLetterOrder order, ClaimsPrincipal caller, DeadLetterRunStore runs, CancellationToken cancellationToken)
    {
        var faults = DeadLetterRules.Check(order);
        if (faults.Any)
        {
            return Problem.Invalid(faults);
        }

        if (!order.Execute)
        {
            return TypedResults.Ok(await runs.PlanAsync(action, order.ToRequest(), cancellationToken));
        }

        var run = await runs.AddAsync(action, order.ToRequest(), caller.ActorName(), cancellationToken);
        return TypedResults.Accepted($"/api/dead-letters/runs/{run.Id}", new AcceptedDeadLetterOrder(true, run));
    }

    private static Problem NoSuchRun() => new(ProblemKind.NotFound, "There is no run with this id.");
}
