using System.ComponentModel;
using System.Security.Claims;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Storage;

internal static class StorageEndpoints
{
    private const int MaxRequestBytes = 4 * 1024;

    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);
    private static readonly StorageRun ExampleRun = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120007"), null, StorageLevel.Subject, RunState.Running, "operator",
        ExampleTime, ExampleTime.AddSeconds(1), null, Total: 40, Done: 12, Changed: 8150, Error: null);

    private static readonly StorageRun ExampleRunOfAccount = ExampleRun with { Account = "amy", Level = StorageLevel.Metadata, Total = 1, Done = 0, Changed = 2000 };

    public static void AddStorage(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<StorageStore>();

    public static void MapStorage(this IEndpointRouteBuilder routes)
    {
        var small = new RequestSizeLimitAttribute(MaxRequestBytes);
        var ofAll = routes.MapGroup("/api/settings/storage").WithTags("Storage").RequireScope(ApiScope.Ops);
        ofAll.MapGet("/", ReadAsync).AnswersExample(new StorageSetting(StorageLevel.Subject, StorageLevel.Subject));
        ofAll.MapPut("/", SetAsync).WithMetadata(small)
            .TakesExample(new StorageRequest(StorageLevel.Subject)).AnswersExample(new StorageSetting(StorageLevel.Subject, StorageLevel.Subject, ExampleRun))
            .FailsWith(ProblemKind.NoMasterKey);
        ofAll.MapGet("/runs", ListRunsAsync).AnswersExample(new Page<StorageRun>([ExampleRun], null));
        ofAll.MapGet("/runs/{id}", ReadRunAsync).AnswersExample(ExampleRun).FailsWith(ProblemKind.NotFound);

        var ofAccount = routes.MapGroup("/api/accounts/{account}/storage").WithTags("Storage").RequireScope(ApiScope.Ops).FailsWith(ProblemKind.AccountNotFound);
        ofAccount.MapGet("/", ReadOfAccountAsync).AnswersExample(new StorageSetting(null, StorageLevel.Subject));
        ofAccount.MapPut("/", SetOfAccountAsync).WithMetadata(small)
            .TakesExample(new StorageRequest(StorageLevel.Metadata)).AnswersExample(new StorageSetting(StorageLevel.Metadata, StorageLevel.Metadata, ExampleRunOfAccount))
            .FailsWith(ProblemKind.NoMasterKey);
    }

    /// <summary>Read how much of mails is stored</summary>
    internal static async Task<Ok<StorageSetting>> ReadAsync(StorageStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ReadAsync(null, cancellationToken))!);

    /// <summary>Set how much of mails is stored</summary>
    /// <remarks>
    /// Of all accounts: an account of its own level can only be stricter. From the answer on, nothing more is written, and a run removes the rest
    /// from what is stored. What was left out comes back by a `rebuild` once the level allows it. `body` needs a master key.
    /// </remarks>
    internal static async Task<Results<Ok<StorageSetting>, Problem>> SetAsync(
        StorageRequest request, ClaimsPrincipal caller, StorageStore store, CancellationToken cancellationToken) =>
        request.Level is { } level
            ? TypedResults.Ok((await store.SetAsync(null, level, caller.ActorName(), cancellationToken))!)
            : Problem.Invalid("level", "The level is metadata, subject, snippet or body.");

    /// <summary>List the runs over what is stored</summary>
    /// <remarks>Newest first.</remarks>
    internal static async Task<Ok<Page<StorageRun>>> ListRunsAsync([AsParameters] PageQuery page, StorageStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(page, cancellationToken));

    /// <summary>Read a run over what is stored</summary>
    internal static async Task<Results<Ok<StorageRun>, Problem>> ReadRunAsync([Description("The run.")] Guid id, StorageStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : new Problem(ProblemKind.NotFound, "There is no run with this id.");

    /// <summary>Read how much of an account's mails is stored</summary>
    internal static async Task<Results<Ok<StorageSetting>, Problem>> ReadOfAccountAsync(
        [Description("The account.")] AccountId account, StorageStore store, CancellationToken cancellationToken) =>
        await store.ReadAsync(account, cancellationToken) is { } setting ? TypedResults.Ok(setting) : new Problem(ProblemKind.AccountNotFound);

    /// <summary>Set how much of an account's mails is stored</summary>
    /// <remarks>The strictest of this level and of that of all accounts holds. `null` lets that of all accounts hold.</remarks>
    internal static async Task<Results<Ok<StorageSetting>, Problem>> SetOfAccountAsync(
        [Description("The account.")] AccountId account, StorageRequest request, ClaimsPrincipal caller, StorageStore store, CancellationToken cancellationToken) =>
        await store.SetAsync(account, request.Level, caller.ActorName(), cancellationToken) is { } setting ? TypedResults.Ok(setting) : new Problem(ProblemKind.AccountNotFound);
}
