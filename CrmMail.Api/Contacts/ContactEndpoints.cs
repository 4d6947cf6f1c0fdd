using System.ComponentModel;
using System.Security.Claims;
using System.Text.Json;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Contacts;

internal static class ContactEndpoints
{
    private const int MaxRequestBytes = 64 * 1024;

    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly ContactRequest ExampleRequest = new("Ann Smith", ["ann@customer.example", "ann.smith@home.example"]);
    private static readonly Contact Example = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120002"), "Ann Smith", ["ann@customer.example", "ann.smith@home.example"], null, ExampleTime, ExampleTime);

    private static readonly ContactExport ExampleExport = new(
        ExampleTime,
        Example,
        [],
        [JsonElement.Parse("""{"id":"0198d5a5-7c00-7000-8000-0242ac120004","name":"A hundred licences"}""")],
        [JsonElement.Parse("""{"id":17,"account":"amy","direction":"incoming","roles":["from"],"subject":"Your offer","occurredAt":"2026-11-21T08:00:00+00:00"}""")],
        [new ExportedBody(17, "We offer a hundred licences.", null, false)],
        [],
        [],
        []);

    public static void AddContacts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ContactStore>();
        builder.Services.AddSingleton<ContactSearch>();
        builder.AddMerges();
        builder.AddErasure();
        builder.AddContactPolicy();
        builder.Services.AddSingleton<ContactExporter>();
        builder.Services.AddSingleton<ExportedBodies>();
        builder.Services.AddSingleton<ContactImport>();
    }

    public static void MapContacts(this IEndpointRouteBuilder routes)
    {
        var contacts = routes.MapGroup("/api/contacts").WithTags("Contacts").RequireScope(ApiScope.Crm);
        var small = new RequestSizeLimitAttribute(MaxRequestBytes);
        contacts.MapPost("/", CreateAsync).WithMetadata(small)
            .TakesExample(ExampleRequest).AnswersExample(Example, StatusCodes.Status201Created)
            .FailsWith(ProblemKind.AddressTaken);
        contacts.MapGet("/", ListAsync).AnswersExample(new Page<Contact>([Example], null));
        contacts.MapImport();
        contacts.MapMerges();
        contacts.MapGet("/{id}", ReadAsync).AnswersExample(Example).FailsWith(ProblemKind.NotFound, ProblemKind.ContactMerged);
        contacts.MapPut("/{id}", ReplaceAsync).WithMetadata(small)
            .TakesExample(ExampleRequest).AnswersExample(Example)
            .FailsWith(ProblemKind.NotFound, ProblemKind.ContactMerged, ProblemKind.AddressTaken);
        contacts.MapDelete("/{id}", EraseAsync).AnswersExample(ErasedData.Example).FailsWith(ProblemKind.ContactMerged);
        routes.MapErasures();
        routes.MapContactPolicy();
        contacts.MapGet("/{id}/export", ExportAsync).Produces<ContactExport>().AnswersExample(ExampleExport).FailsWith(ProblemKind.NotFound, ProblemKind.ContactMerged, ProblemKind.BodyKeyMissing);
    }

    /// <summary>Make a contact</summary>
    /// <remarks>
    /// Mails are matched by its addresses from now on, and past mail by these addresses is linked within seconds. An address belongs to one
    /// contact only, and never to a connected account. If somebody was erased with one of them, that ends here.
    /// </remarks>
    internal static async Task<Results<Created<Contact>, Problem>> CreateAsync(ContactRequest request, ContactStore store, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (!ContactDraft.TryRead(request, faults, out var draft))
        {
            return Problem.Invalid(faults);
        }

        var contact = await store.CreateAsync(draft, cancellationToken);
        return TypedResults.Created($"/api/contacts/{contact.Id}", contact);
    }

    /// <summary>List or search contacts</summary>
    /// <remarks>
    /// Without `q` all contacts by name. With `q` those whose name, or one of whose addresses, begins with it, whatever the case. A page
    /// may then be shorter than the limit: only when `next` is null there are no more.
    /// </remarks>
    internal static async Task<Results<Ok<Page<Contact>>, Problem>> ListAsync(
        [Description("The beginning of a name or an address.")] string? q,
        [AsParameters] PageQuery page,
        ContactSearch search,
        CancellationToken cancellationToken)
    {
        if (!SearchPrefix.TryRead(q, out var prefix, out var problem))
        {
            return problem;
        }

        return TypedResults.Ok(prefix.Length == 0 ? await search.ListAsync(page, cancellationToken) : await search.SearchAsync(prefix, page, cancellationToken));
    }

    /// <summary>Read a contact</summary>
    internal static async Task<Results<Ok<Contact>, Problem>> ReadAsync(
        [Description("The contact.")] Guid id, ContactStore store, MergeTable merges, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } contact ? TypedResults.Ok(contact) : await merges.MissingAsync(id, cancellationToken);

    /// <summary>Change a contact</summary>
    /// <remarks>The contact becomes what the body says: what is left out is removed. Past mail follows within seconds: what came by a removed address is unlinked.</remarks>
    internal static async Task<Results<Ok<Contact>, Problem>> ReplaceAsync(
        [Description("The contact.")] Guid id, ContactRequest request, ContactStore store, MergeTable merges, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (!ContactDraft.TryRead(request, faults, out var draft))
        {
            return Problem.Invalid(faults);
        }

        return await store.ReplaceAsync(id, draft, cancellationToken) is { } contact ? TypedResults.Ok(contact) : await merges.MissingAsync(id, cancellationToken);
    }

    /// <summary>Erase a contact</summary>
    /// <remarks>
    /// Removes the person: the contact and its addresses, the activities that it shared with no other contact, and its name and addresses in
    /// all others. Subjects and texts of shared activities stay. Events that come later, or are read again, do not bring the person back; to enter a
    /// contact with one of the addresses does. Contacts that were merged into it are erased with it, and that cannot be undone. To erase again removes nothing and is no error.
    /// </remarks>
    internal static async Task<Results<Ok<ErasedData>, Problem>> EraseAsync(
        [Description("The contact.")] Guid id, ClaimsPrincipal caller, ContactEraser eraser, MergeTable merges, CancellationToken cancellationToken)
    {
        var erased = await eraser.EraseAsync(id, caller.ActorName(), cancellationToken);
        return erased.Contacts == 0 && await merges.FindMergedAsync(id, cancellationToken) is { } merged
            ? merged.ToProblem(ProblemKind.ContactMerged)
            : TypedResults.Ok(erased);
    }

    /// <summary>Export everything about a contact</summary>
    /// <remarks>
    /// One JSON document of one moment, streamed. If it breaks off, so does the connection. Of mails that name the person and are not linked, those
    /// whose address has a tag (`ann+shop@`) are not found. Raw events in Kafka are not in it.
    /// </remarks>
    internal static Task ExportAsync([Description("The contact.")] Guid id, ContactExporter exporter, HttpContext context, CancellationToken cancellationToken) =>
        exporter.WriteAsync(id, context.Response, cancellationToken);
}
