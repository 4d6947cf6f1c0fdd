using System.ComponentModel;
using System.Security.Claims;
using CrmMail.Api.Description;
using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Contacts;

internal static class MergeEndpoints
{
    private const int MaxRequestBytes = 4 * 1024;

    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);
    private static readonly ContactMerge Begun = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120009"),
        new Guid("0198d5a5-7c00-7000-8000-0242ac12000a"),
        new Guid("0198d5a5-7c00-7000-8000-0242ac120002"),
        MergeState.Moving,
        "A. Smith",
        ["ann.smith@home.example"],
        "crm frontend",
        ExampleTime,
        null,
        null,
        null,
        null,
        Total: 1800,
        Done: 0);

    private static readonly ContactMerge Merged = Begun with { State = MergeState.Merged, MergedAt = ExampleTime.AddSeconds(1), Done = 1800 };

    private static readonly ContactMerge Undoing = Merged with
    {
        State = MergeState.Undoing,
        UndoRequestedBy = "crm frontend",
        UndoRequestedAt = ExampleTime.AddHours(1),
        Done = 0,
    };

    public static void AddMerges(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MergeTable>();
        builder.Services.AddSingleton<ContactMerger>();
        builder.Services.AddSingleton<MergeUndo>();
    }

    /// <summary>Maps what is done with merges, below the contacts.</summary>
    public static void MapMerges(this RouteGroupBuilder contacts)
    {
        contacts.MapPost("/{id}/merge", MergeAsync).WithMetadata(new RequestSizeLimitAttribute(MaxRequestBytes))
            .TakesExample(new MergeRequest(Begun.IntoId)).AnswersExample(Begun, StatusCodes.Status202Accepted)
            .FailsWith(
                ProblemKind.NotFound, ProblemKind.ContactMerged, ProblemKind.TargetMerged, ProblemKind.ContactBeingErased, ProblemKind.MergeRunning, ProblemKind.TooManyAddresses);
        contacts.MapGet("/merges", ListAsync).AnswersExample(new Page<ContactMerge>([Merged], null));
        contacts.MapGet("/merges/{id}", ReadAsync).AnswersExample(Merged).FailsWith(ProblemKind.NotFound);
        contacts.MapPost("/merges/{id}/undo", UndoAsync).AnswersExample(Undoing, StatusCodes.Status202Accepted)
            .FailsWith(ProblemKind.NotFound, ProblemKind.LaterMerge, ProblemKind.MergeRunning, ProblemKind.ContactBeingErased);
    }

    /// <summary>Merge a contact into another one</summary>
    /// <remarks>
    /// Everything moves. With the answer the addresses (and so the mail that comes) and the deals belong to the other contact, and the first is none
    /// any more: whoever asks for it is told where it went. Its mails follow within seconds; `state` and `done` tell how far that is. Name, company and first address are
    /// those of the other contact, unless it has no name, or no company of its own. To merge the same contacts again answers with the merge that there is.
    /// </remarks>
    internal static async Task<Results<Accepted<ContactMerge>, Problem>> MergeAsync(
        [Description("The contact that goes.")] Guid id, MergeRequest request, ClaimsPrincipal caller, ContactMerger merger, CancellationToken cancellationToken)
    {
        if (request.Into is not { } into)
        {
            return Problem.Invalid("into", "Into which contact?");
        }

        if (into == id)
        {
            return Problem.Invalid("into", "A contact is not merged into itself.");
        }

        return Accepted(await merger.MergeAsync(id, into, caller.ActorName(), cancellationToken));
    }

    /// <summary>List merges</summary>
    /// <remarks>Newest first, also those that are undone. What was merged into somebody who was erased is erased as well.</remarks>
    internal static async Task<Ok<Page<ContactMerge>>> ListAsync(
        [Description("Only merges of this contact, and into it; all if not given.")] Guid? contact,
        [AsParameters] PageQuery page,
        MergeTable merges,
        CancellationToken cancellationToken) => TypedResults.Ok(await merges.ListAsync(contact, page, cancellationToken));

    /// <summary>Read a merge</summary>
    internal static async Task<Results<Ok<ContactMerge>, Problem>> ReadAsync([Description("The merge.")] Guid id, MergeTable merges, CancellationToken cancellationToken) =>
        await merges.FindAsync(id, cancellationToken) is { } merge ? TypedResults.Ok(merge) : NoSuchMerge();

    /// <summary>Undo a merge</summary>
    /// <remarks>
    /// The contact is there again, with its id, its name, and those of its addresses and deals that the other one still has. Its mails follow within
    /// seconds, and with them those that came since by its addresses. Several merges are undone in the order that leads back: `mergeId` of the problem
    /// `later-merge` names the one that is to be undone first. To undo it again answers with the merge.
    /// </remarks>
    internal static async Task<Results<Accepted<ContactMerge>, Problem>> UndoAsync(
        [Description("The merge.")] Guid id, ClaimsPrincipal caller, MergeUndo undo, CancellationToken cancellationToken) =>
        await undo.UndoAsync(id, caller.ActorName(), cancellationToken) is { } merge ? Accepted(merge) : NoSuchMerge();

    private static Accepted<ContactMerge> Accepted(ContactMerge merge) => TypedResults.Accepted($"/api/contacts/merges/{merge.Id}", merge);

    private static Problem NoSuchMerge() => new(ProblemKind.NotFound, "There is no merge with this id.");
}
