using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Api.Timelines;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CrmMail.Api.Threads;

internal static class ThreadEndpoints
{
    private static readonly MailThread Example = new()
    {
        Id = TimelineExamples.ThreadId,
        MessageCount = 1,
        HiddenCount = 0,
        FirstAt = TimelineExamples.Item.OccurredAt,
        LastAt = TimelineExamples.Item.OccurredAt,
        Participants = [new("Amy", "amy@corp.example", 1), new("Ann Smith", "ann@customer.example", 1)],
        ParticipantCount = 2,
        Contacts = TimelineExamples.Activity.Contacts,
        Companies = [new(new Guid("0198d5a5-7c00-7000-8000-0242ac120003"), "Customer Ltd")],
        Deals = [.. TimelineExamples.Activity.Deals.Select(deal => new ThreadDeal(deal.Id, deal.Name, [deal.Reason], 1))],
        Messages = new Page<TimelineItem>([TimelineExamples.Item with { Roles = [] }], null),
    };

    public static void AddThreads(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<ThreadReader>();

    public static void MapThreads(this IEndpointRouteBuilder routes)
    {
        var crm = routes.MapGroup("/api/threads").WithTags("Threads").RequireScope(ApiScope.Crm);
        crm.MapGet("/{id}", ReadAsync).AnswersExample(Example).FailsWith(ProblemKind.NotFound);
    }

    /// <summary>Read a thread</summary>
    /// <remarks>
    /// The conversation that a mail belongs to: every mail that names another of it in `References` or `In-Reply-To`, or is named, oldest
    /// first. Page through `messages` by its `next`; people, contacts, companies, deals, counts and times are those of the whole conversation on
    /// every page. Tagged mails (automatic replies, newsletters and the like) are hidden unless `include` names them.
    /// </remarks>
    internal static async Task<Results<Ok<MailThread>, Problem>> ReadAsync(
        [Description("The `threadId` of an activity, now or at any time before.")] string id,
        [AsParameters] TagInclude include,
        [AsParameters] PageQuery page,
        ThreadReader threads,
        CancellationToken cancellationToken) =>
        MessageKey.TryParse(id, out var key) && await threads.FindAsync(key, include.Tags, page, cancellationToken) is { } thread
            ? TypedResults.Ok(thread)
            : new Problem(ProblemKind.NotFound, "There is no thread with this id.");
}
