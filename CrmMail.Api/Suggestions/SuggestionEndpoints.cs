using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using CrmMail.Api.Access;
using CrmMail.Api.Contacts;
using CrmMail.Api.Description;
using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Suggestions;

internal static class SuggestionEndpoints
{
    private const int MaxRequestBytes = 4 * 1024;

    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 21, 21, 0, 14, TimeSpan.Zero);
    private static readonly Suggestion Example = new(
        "a.smith@customer.example",
        new Guid("0198d5a5-7c00-7000-8000-0242ac120002"),
        "Ann Smith",
        "ann@customer.example",
        ExampleTime.AddDays(-9),
        ExampleTime,
        4,
        1);

    private static readonly Contact Accepted = new(Example.ContactId, Example.ContactName, [Example.ContactAddress, Example.Address], null, ExampleTime.AddDays(-30), ExampleTime);

    public static void AddSuggestions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SuggestionReader>();
        builder.Services.AddSingleton<SuggestionDecisions>();
    }

    public static void MapSuggestions(this IEndpointRouteBuilder routes)
    {
        var suggestions = routes.MapGroup("/api/suggestions").WithTags("Unmatched addresses").RequireScope(ApiScope.Crm);
        var small = new RequestSizeLimitAttribute(MaxRequestBytes);
        var example = new SuggestionRequest(Example.Address, Example.ContactId);
        suggestions.MapGet("/", ListAsync).AnswersExample(new Page<Suggestion>([Example], null));
        suggestions.MapPost("/accept", AcceptAsync).WithMetadata(small)
            .TakesExample(example).AnswersExample(Accepted)
            .FailsWith(ProblemKind.NotFound, ProblemKind.ContactMerged, ProblemKind.AddressTaken, ProblemKind.TooManyAddresses);
        suggestions.MapPost("/dismiss", DismissAsync).WithMetadata(small)
            .TakesExample(example)
            .FailsWith(ProblemKind.NotFound, ProblemKind.ContactMerged);
    }

    /// <summary>Whose addresses of nobody may be</summary>
    /// <remarks>
    /// An address that belongs to nobody stands in mails with the name of a contact that has an address at the same domain: perhaps it is the
    /// same person. Names are compared by their words, whatever their order and case. Never at a domain of free mail, and nobody is linked by it
    /// before somebody accepts. In the order of the addresses; a page may be shorter than the limit: only when `next` is null there are no more.
    /// </remarks>
    internal static async Task<Ok<Page<Suggestion>>> ListAsync(
        [Description("Only suggestions for this contact; all if not given.")] Guid? contact,
        [AsParameters] PageQuery page,
        SuggestionReader suggestions,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await suggestions.ListAsync(contact, page, cancellationToken));

    /// <summary>Accept a suggestion</summary>
    /// <remarks>
    /// The address becomes the last one of the contact, and past mail by it is linked within seconds. To accept again answers with the contact; what is
    /// not suggested, or not any more, is not found.
    /// </remarks>
    internal static async Task<Results<Ok<Contact>, Problem>> AcceptAsync(SuggestionRequest request, SuggestionDecisions decisions, CancellationToken cancellationToken) =>
        TryRead(request, out var address, out var contact, out var problem)
            ? TypedResults.Ok(await decisions.AcceptAsync(address, contact, cancellationToken))
            : problem;

    /// <summary>Dismiss a suggestion</summary>
    /// <remarks>It is somebody else: the address is not suggested for this contact again. Who finds out later that it was the same person gives the contact the address.</remarks>
    internal static async Task<Results<NoContent, Problem>> DismissAsync(
        SuggestionRequest request, ClaimsPrincipal caller, SuggestionDecisions decisions, CancellationToken cancellationToken)
    {
        if (!TryRead(request, out var address, out var contact, out var problem))
        {
            return problem;
        }

        await decisions.DismissAsync(address, contact, caller.ActorName(), cancellationToken);
        return TypedResults.NoContent();
    }

    private static bool TryRead(
        SuggestionRequest request, [NotNullWhen(true)] out EmailAddress? address, out Guid contact, [NotNullWhen(false)] out Problem? problem)
    {
        var faults = new FieldFaults();
        address = MailAddress.IsValid(request.Address) ? EmailAddress.Parse(request.Address!) : null;
        contact = request.ContactId ?? default;
        faults.AddIf(address is null, "address", "This is no mail address.");
        faults.AddIf(request.ContactId is null, "contactId", "Of which contact?");
        problem = faults.Any ? Problem.Invalid(faults) : null;
        return problem is null;
    }
}
