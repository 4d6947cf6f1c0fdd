using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmMail.Api.Unmatched;

internal static class UnmatchedEndpoints
{
    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 21, 21, 0, 14, TimeSpan.Zero);
    private static readonly UnmatchedAddress ExampleAddress = new("zoe@prospect.example", ExampleTime.AddDays(-9), ExampleTime, 4, 1);
    private static readonly UnmatchedEvent ExampleEvent = new(
        "6f1b0d0e-5d0b-4a3c-9a55-0a6f6b1c7e11", "amy", MailSource.EmailEngine, ParticipantRole.From, Direction.Incoming, ExampleTime, 3, 4711);

    public static void AddUnmatched(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<UnmatchedReader>();

    public static void MapUnmatched(this IEndpointRouteBuilder routes)
    {
        var crm = routes.MapGroup("/api/unmatched").WithTags("Unmatched addresses").RequireScope(ApiScope.Crm);
        crm.MapGet("/", ListAsync).AnswersExample(new Page<UnmatchedAddress>([ExampleAddress], null));
        crm.MapGet("/events", ListEventsAsync).AnswersExample(new Page<UnmatchedEvent>([ExampleEvent], null));
    }

    /// <summary>Addresses that belong to no contact</summary>
    /// <remarks>
    /// Who wrote to us, or was written to, and is nobody's address: in the order of their mailboxes, those of one mailbox together. To make a
    /// contact with the address, or to give it to one, brings the past mail to that contact within seconds.
    /// </remarks>
    internal static async Task<Results<Ok<Page<UnmatchedAddress>>, Problem>> ListAsync(
        [Description("The beginning of a mailbox, whatever the case: an address without its tag, at Gmail without dots and with `@gmail.com`.")] string? q,
        [AsParameters] PageQuery page,
        UnmatchedReader unmatched,
        CancellationToken cancellationToken) =>
        SearchPrefix.TryRead(q, out var prefix, out var problem)
            ? TypedResults.Ok(await unmatched.ListAsync(prefix.ToLowerInvariant(), page, cancellationToken))
            : problem;

    /// <summary>Events that name an address</summary>
    /// <remarks>Of an address that belongs to no contact: every event by which it is known, the latest mail first. `GET /api/events/{eventId}` tells what became of one.</remarks>
    internal static async Task<Results<Ok<Page<UnmatchedEvent>>, Problem>> ListEventsAsync(
        [Description("The address.")] string? address,
        [AsParameters] PageQuery page,
        UnmatchedReader unmatched,
        CancellationToken cancellationToken) =>
        EmailAddress.TryParse(address, out var asked)
            ? TypedResults.Ok(await unmatched.EventsAsync(asked, page, cancellationToken))
            : Problem.Invalid("address", "This is no mail address.");
}
