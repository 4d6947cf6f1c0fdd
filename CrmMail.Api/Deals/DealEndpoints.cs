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
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Deals;

internal static class DealEndpoints
{
    private const int MaxRequestBytes = 64 * 1024;

    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly Deal Example = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120004"), "A hundred licences", new Guid("0198d5a5-7c00-7000-8000-0242ac120003"),
        [new Guid("0198d5a5-7c00-7000-8000-0242ac120002")], "offer", "amy", DealState.Open, ExampleTime, null, ExampleTime, ExampleTime);

    public static void AddDeals(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RoutingOptions>().BindConfiguration(RoutingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new RoutingAddresses(services.GetRequiredService<IOptions<RoutingOptions>>().Value));
        builder.Services.AddSingleton<DealStore>();
        builder.Services.AddSingleton<DealList>();
        builder.Services.AddSingleton<DealMails>();
    }

    public static void MapDeals(this IEndpointRouteBuilder routes)
    {
        var deals = routes.MapGroup("/api/deals").WithTags("Deals").RequireScope(ApiScope.Crm);
        var small = new RequestSizeLimitAttribute(MaxRequestBytes);
        deals.MapPost("/", CreateAsync).WithMetadata(small)
            .TakesExample(new DealRequest(Example.Name, Example.CompanyId, Example.Contacts, Example.Stage, Example.Owner))
            .AnswersExample(Example, StatusCodes.Status201Created);
        deals.MapGet("/", ListAsync).AnswersExample(new Page<Deal>([Example], null));
        deals.MapGet("/{id}", ReadAsync).AnswersExample(Example).FailsWith(ProblemKind.NotFound);
        deals.MapPatch("/{id}", ChangeAsync).WithMetadata(small)
            .TakesExample(new DealChange(Stage: "won", State: DealState.Closed))
            .AnswersExample(Example with { Stage = "won", State = DealState.Closed, ClosedAt = ExampleTime.AddDays(3), UpdatedAt = ExampleTime.AddDays(3) })
            .FailsWith(ProblemKind.NotFound);
        deals.MapPost("/{id}/address", GetAddressAsync)
            .AnswersExample(new DealAddress("deal-0198d5a57c00700080000242ac120004.5d0c3a8e6f1b2d4c7a9e0f13@inbound.example"))
            .FailsWith(ProblemKind.NotFound, ProblemKind.NoInboundDomain);
        deals.MapPut("/{id}/activities/{activityId}", LinkAsync).FailsWith(ProblemKind.NotFound);
        deals.MapDelete("/{id}/activities/{activityId}", UnlinkAsync).FailsWith(ProblemKind.NotFound);
    }

    /// <summary>Make a deal</summary>
    /// <remarks>It is open: mails of its contacts, and of senders at the domains of its company, come to it unless a newer deal or a better rule takes them.</remarks>
    internal static async Task<Results<Created<Deal>, Problem>> CreateAsync(DealRequest request, DealStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (!DealDraft.TryRead(request, time.GetUtcNow(), faults, out var draft))
        {
            return Problem.Invalid(faults);
        }

        var deal = await store.CreateAsync(draft, request.OpenedAt, cancellationToken);
        return TypedResults.Created($"/api/deals/{deal.Id}", deal);
    }

    /// <summary>List deals</summary>
    /// <remarks>Those made last first.</remarks>
    internal static async Task<Results<Ok<Page<Deal>>, Problem>> ListAsync(
        [Description("Only deals of this company.")] Guid? company,
        [Description("Only deals with this contact.")] Guid? contact,
        [Description("Only deals in this state: `open` or `closed`.")] string? state,
        [AsParameters] PageQuery page,
        DealList list,
        CancellationToken cancellationToken)
    {
        DealState? wanted = null;
        if (state is not null)
        {
            if (!StableText.TryParse<DealState>(state, out var parsed))
            {
                return Problem.Invalid("state", "The state is open or closed.");
            }

            wanted = parsed;
        }

        return TypedResults.Ok(await list.ReadAsync(company, contact, wanted, page, cancellationToken));
    }

    /// <summary>Read a deal</summary>
    internal static async Task<Results<Ok<Deal>, Problem>> ReadAsync([Description("The deal.")] Guid id, DealStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } deal ? TypedResults.Ok(deal) : NoSuchDeal();

    /// <summary>Change a deal</summary>
    /// <remarks>What the body leaves out stays as it is; `contacts` replaces all contacts. Mails from before are routed anew when another event tells of them, or by a replay.</remarks>
    internal static async Task<Results<Ok<Deal>, Problem>> ChangeAsync(
        [Description("The deal.")] Guid id, DealChange change, DealStore store, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (!DealDraft.TryRead(change, faults, out var draft))
        {
            return Problem.Invalid(faults);
        }

        return await store.ChangeAsync(id, draft, change.State, cancellationToken) is { } deal ? TypedResults.Ok(deal) : NoSuchDeal();
    }

    /// <summary>The routing address of a deal</summary>
    /// <remarks>Signed: who has it can write into the deal, who only knows the id cannot. The same answer every time, until another secret signs.</remarks>
    internal static async Task<Results<Ok<DealAddress>, Problem>> GetAddressAsync(
        [Description("The deal.")] Guid id, DealStore store, RoutingAddresses addresses, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return NoSuchDeal();
        }

        return addresses.TryGetAddress(id, out var address)
            ? TypedResults.Ok(new DealAddress(address))
            : new Problem(ProblemKind.NoInboundDomain, "Set Routing:Domain and Routing:Secrets.");
    }

    /// <summary>Link a mail to a deal</summary>
    /// <remarks>A fact of its own: no later mail and no replay undoes it. It is said of the mail in all accounts that have it.</remarks>
    internal static Task<Results<NoContent, Problem>> LinkAsync(
        [Description("The deal.")] Guid id, [Description("An activity of the mail.")] long activityId, DealMails mails, ClaimsPrincipal caller, CancellationToken cancellationToken) =>
        SayAsync(mails, id, activityId, isLinked: true, caller, cancellationToken);

    /// <summary>Remove a mail from a deal</summary>
    /// <remarks>A fact of its own, whether or not the mail belongs to the deal: no rule, no later mail and no replay brings it there.</remarks>
    internal static Task<Results<NoContent, Problem>> UnlinkAsync(
        [Description("The deal.")] Guid id, [Description("An activity of the mail.")] long activityId, DealMails mails, ClaimsPrincipal caller, CancellationToken cancellationToken) =>
        SayAsync(mails, id, activityId, isLinked: false, caller, cancellationToken);

    private static async Task<Results<NoContent, Problem>> SayAsync(
        DealMails mails, Guid id, long activityId, bool isLinked, ClaimsPrincipal caller, CancellationToken cancellationToken) =>
        await mails.SayAsync(id, activityId, isLinked, caller.ActorName(), cancellationToken)
            ? TypedResults.NoContent()
            : new Problem(ProblemKind.NotFound, "There is no such deal, or no such activity.");

    private static Problem NoSuchDeal() => new(ProblemKind.NotFound, "There is no deal with this id.");
}
