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

namespace CrmMail.Api.Blocklist;

internal static class BlocklistEndpoints
{
    private const int MaxRequestBytes = 16 * 1024;

    private static readonly BlocklistEntry Example = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120005"), "shop.example", null, "Asked not to be tracked.", "crm frontend", new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));

    public static void AddBlocklist(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<BlocklistStore>();

    public static void MapBlocklist(this IEndpointRouteBuilder routes)
    {
        var blocklist = routes.MapGroup("/api/blocklist").WithTags("Blocklist").RequireScope(ApiScope.Crm);
        blocklist.MapGet("/", ListAsync).AnswersExample(new Page<BlocklistEntry>([Example], null));
        blocklist.MapPost("/", AddAsync).WithMetadata(new RequestSizeLimitAttribute(MaxRequestBytes))
            .TakesExample(new BlocklistRequest(Example.Value, Note: Example.Note))
            .AnswersExample(Example, StatusCodes.Status201Created).AnswersExample(Example)
            .FailsWith(ProblemKind.AccountNotFound);
        blocklist.MapDelete("/{id}", RemoveAsync).FailsWith(ProblemKind.NotFound);
    }

    /// <summary>List what is blocked</summary>
    /// <remarks>What was added last first.</remarks>
    internal static async Task<Results<Ok<Page<BlocklistEntry>>, Problem>> ListAsync(
        [Description("Only entries of this account; all entries if not given.")] string? account,
        [AsParameters] PageQuery page,
        BlocklistStore store,
        CancellationToken cancellationToken)
    {
        AccountId? wanted = null;
        return account is null || AccountId.TryParse(account, out wanted)
            ? TypedResults.Ok(await store.ListAsync(wanted, page, cancellationToken))
            : Problem.Invalid("account", "This is no account id.");
    }

    /// <summary>Block an address or a domain</summary>
    /// <remarks>
    /// Mails that come from there from now on, or go to nobody else who could be linked, make no activity but a skip with the reason `blocked`: in all
    /// accounts, or in one. Activities from before stay until a rebuild. To block what is blocked already answers with the entry that there is.
    /// </remarks>
    internal static async Task<Results<Created<BlocklistEntry>, Ok<BlocklistEntry>, Problem>> AddAsync(
        BlocklistRequest request, BlocklistStore store, ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (!BlocklistDraft.TryRead(request, faults, out var draft))
        {
            return Problem.Invalid(faults);
        }

        var (entry, isNew) = await store.AddAsync(draft, caller.ActorName(), cancellationToken);
        return isNew ? TypedResults.Created($"/api/blocklist/{entry.Id}", entry) : TypedResults.Ok(entry);
    }

    /// <summary>Unblock</summary>
    /// <remarks>Mails from now on are let in again. Those that were skipped come back by a replay of their time (`fill`), as long as Kafka has them.</remarks>
    internal static async Task<Results<NoContent, Problem>> RemoveAsync(
        [Description("The entry.")] Guid id, BlocklistStore store, CancellationToken cancellationToken) =>
        await store.RemoveAsync(id, cancellationToken) ? TypedResults.NoContent() : new Problem(ProblemKind.NotFound, "There is no entry with this id.");
}
