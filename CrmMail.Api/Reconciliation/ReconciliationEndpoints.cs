using System.ComponentModel;
using System.Security.Claims;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Reconciliation;

internal static class ReconciliationEndpoints
{
    private const string Path = "/api/reconciliations";
    private const string Tag = "Reconciliation";

    private static readonly DateTimeOffset Time = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);

    private static readonly Reconciliation Queued = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120003"), "amy", RunState.Queued, ReconciliationCause.Demand, false, Time.AddDays(-1), "operator", Time,
        null, null, null, 0, 0, 0, 0, 0);

    private static readonly Reconciliation Example = Queued with
    {
        State = RunState.Running,
        StartedAt = Time.AddSeconds(1),
        Folders = 6,
        FoldersDone = 1,
        Seen = 412,
        Missing = 7,
        Fed = 7,
    };

    private static readonly MissingMail ExampleMail = new(
        "INBOX", "AAAAAQAAAAM", "in-3@example.net", Time.AddHours(-2), "reconcile:8c0e6a4c9f3b6d5e2a1f0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e", true);

    public static void AddReconciliation(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReconciliationOptions>().BindConfiguration(ReconciliationOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ReconciliationOptions>, ReconciliationOptionsValidator>();
        builder.Services.AddSingleton<ReconciliationStore>();
        builder.Services.AddSingleton<EngineBudget>();
        builder.Services.AddSingleton<EventFeeds>();
        builder.Services.AddSingleton<ReconciliationRunner>();
        builder.Services.AddHostedService<ReconciliationWorker>();
        builder.Services.AddHostedService<ReconciliationTriggers>();
    }

    public static void MapReconciliation(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/api/accounts/{account}").WithTags(Tag).RequireScope(ApiScope.Ops)
            .MapPost("/reconcile", StartAsync)
            .TakesExample(new ReconciliationRequest { Since = Time.AddDays(-1), Execute = true })
            .AnswersExample(Queued, StatusCodes.Status202Accepted)
            .FailsWith(ProblemKind.AccountNotFound);

        var runs = routes.MapGroup(Path).WithTags(Tag).RequireScope(ApiScope.Ops);
        runs.MapPost("/", StartAllAsync)
            .TakesExample(new ReconciliationOfAll { All = true, Execute = true })
            .AnswersExample(new AcceptedReconciliations(true, 42), StatusCodes.Status202Accepted);
        runs.MapGet("/", ListAsync).AnswersExample(new Page<Reconciliation>([Example], null));
        runs.MapGet("/{id}", ReadAsync).AnswersExample(Example).FailsWith(ProblemKind.NotFound);
        runs.MapGet("/{id}/mails", ListMailsAsync).AnswersExample(new Page<MissingMail>([ExampleMail], null)).FailsWith(ProblemKind.NotFound);
        runs.MapPost("/{id}/cancel", CancelAsync).AnswersExample(Example with { State = RunState.Cancelled, EndedAt = Time.AddMinutes(1) }).FailsWith(ProblemKind.NotFound);
    }

    /// <summary>Compare a mailbox with what is here</summary>
    /// <remarks>
    /// Lists every folder, and puts mails that have neither an activity nor a skip into `mail.events`, as if their webhooks had come. Without
    /// `execute` it only lists what is missing: see `GET /api/reconciliations/{id}/mails`. To compare again changes nothing that was right.
    /// </remarks>
    internal static async Task<Results<Accepted<Reconciliation>, Problem>> StartAsync(
        [Description("The account.")] AccountId account,
        ReconciliationRequest request,
        ClaimsPrincipal caller,
        ReconciliationStore store,
        IOptions<ReconciliationOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var faults = Check(request.Since, options.Value, time);
        if (faults.Any)
        {
            return Problem.Invalid(faults);
        }

        var added = await store.AddAsync(account, request.Since, !request.Execute, caller.ActorName(), cancellationToken);
        return added is [var run] ? TypedResults.Accepted($"{Path}/{run.Id}", run) : new Problem(ProblemKind.AccountNotFound);
    }

    /// <summary>Compare all mailboxes with what is here</summary>
    /// <remarks>One run for each account that is connected. Without `execute` they only list what is missing.</remarks>
    internal static async Task<Results<Accepted<AcceptedReconciliations>, Problem>> StartAllAsync(
        ReconciliationOfAll request,
        ClaimsPrincipal caller,
        ReconciliationStore store,
        IOptions<ReconciliationOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var faults = Check(request.Since, options.Value, time)
            .AddIf(!request.All, "all", "Say \"all\": true, or ask for one account by POST /api/accounts/{account}/reconcile.");
        if (faults.Any)
        {
            return Problem.Invalid(faults);
        }

        var added = await store.AddAsync(null, request.Since, !request.Execute, caller.ActorName(), cancellationToken);
        return TypedResults.Accepted(Path, new AcceptedReconciliations(request.Execute, added.Count));
    }

    /// <summary>List the comparisons of mailboxes</summary>
    /// <remarks>Newest first.</remarks>
    internal static async Task<Ok<Page<Reconciliation>>> ListAsync(
        [Description("Only those of this account.")] AccountId? account, [AsParameters] PageQuery page, ReconciliationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(account, page, cancellationToken));

    /// <summary>Read a comparison of a mailbox</summary>
    internal static async Task<Results<Ok<Reconciliation>, Problem>> ReadAsync(
        [Description("The run.")] Guid id, ReconciliationStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : NoSuchRun();

    /// <summary>List the mails that were missing</summary>
    /// <remarks>In the order in which they were found. Kept for 30 days after the run.</remarks>
    internal static async Task<Results<Ok<Page<MissingMail>>, Problem>> ListMailsAsync(
        [Description("The run.")] Guid id, [AsParameters] PageQuery page, ReconciliationStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is null ? NoSuchRun() : TypedResults.Ok(await store.ListMailsAsync(id, page, cancellationToken));

    /// <summary>Cancel a comparison of a mailbox</summary>
    /// <remarks>It ends within a second or two. What it has fed stays fed. One that has ended stays as it is.</remarks>
    internal static async Task<Results<Ok<Reconciliation>, Problem>> CancelAsync(
        [Description("The run.")] Guid id, ClaimsPrincipal caller, ReconciliationStore store, CancellationToken cancellationToken) =>
        await store.CancelAsync(id, caller.ActorName(), cancellationToken) is { } run ? TypedResults.Ok(run) : NoSuchRun();

    private static FieldFaults Check(DateTimeOffset? since, ReconciliationOptions options, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new FieldFaults()
            .AddIf(since > now, "since", "This is in the future.")
            .AddIf(since < now - options.LongestRange, "since", $"This is more than {options.LongestRange.TotalDays:0.##} days ago: what was skipped then is forgotten, and would look as if it were missing.");
    }

    private static Problem NoSuchRun() => new(ProblemKind.NotFound, "There is no run with this id.");
}
