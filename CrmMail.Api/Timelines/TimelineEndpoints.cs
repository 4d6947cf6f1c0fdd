using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Contacts;
using CrmMail.Api.Description;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Api.Timelines;

internal static class TimelineEndpoints
{
    public static void AddTimelines(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TimelineReader>();
        builder.Services.AddSingleton<ActivityReader>();
        builder.Services.AddSingleton<ExplanationReader>();
        builder.Services.AddSingleton<EventReader>();
    }

    public static void MapTimelines(this IEndpointRouteBuilder routes)
    {
        var crm = routes.MapGroup("/api").WithTags("Timelines").RequireScope(ApiScope.Crm);
        crm.MapGet("/contacts/{id}/timeline", OfContactAsync)
            .AnswersExample(new Page<TimelineItem>([TimelineExamples.Item], null)).FailsWith(ProblemKind.NotFound, ProblemKind.ContactMerged);
        crm.MapGet("/accounts/{account}/timeline", OfAccountAsync)
            .AnswersExample(new Page<TimelineItem>([TimelineExamples.AccountItem], null)).FailsWith(ProblemKind.NotFound);
        crm.MapGet("/deals/{id}/timeline", OfDealAsync)
            .AnswersExample(new Page<TimelineItem>([TimelineExamples.Item with { Roles = [] }], null)).FailsWith(ProblemKind.NotFound);
        crm.MapGet("/companies/{id}/timeline", OfCompanyAsync)
            .AnswersExample(new Page<TimelineItem>([TimelineExamples.Item with { Roles = [] }], null)).FailsWith(ProblemKind.NotFound);
        crm.MapGet("/activities/{id}", ReadActivityAsync).AnswersExample(TimelineExamples.Activity).FailsWith(ProblemKind.NotFound);
        crm.MapGet("/activities/{id}/explain", ExplainActivityAsync).AnswersExample(TimelineExamples.Explanation).FailsWith(ProblemKind.NotFound);
        crm.MapGet("/events/{eventId}", ReadEventAsync).AnswersExample(TimelineExamples.Event).FailsWith(ProblemKind.NotFound, ProblemKind.AmbiguousEvent);
    }

    /// <summary>The timeline of a contact</summary>
    /// <remarks>Every mail with the contact, once and newest first, whichever and however many accounts have it. Tagged mails (automatic replies, newsletters and the like) are hidden unless `include` names them.</remarks>
    internal static async Task<Results<Ok<Page<TimelineItem>>, Problem>> OfContactAsync(
        [Description("The contact.")] Guid id,
        [Description("Only mails that went this way: `incoming` or `sent`.")] string? direction,
        [AsParameters] TagInclude include,
        [AsParameters] PageQuery page,
        TimelineReader timelines,
        MergeTable merges,
        CancellationToken cancellationToken) =>
        await timelines.OfContactAsync(id, new TimelineView(ReadDirection(direction), include.Tags), page, cancellationToken) is { } timeline
            ? TypedResults.Ok(timeline)
            : await merges.MissingAsync(id, cancellationToken);

    /// <summary>The timeline of an account</summary>
    /// <remarks>Every activity of the account, newest first, tagged or not. On that of a team address, mails that a mailbox has too lead to the activity of the mailbox.</remarks>
    internal static async Task<Results<Ok<Page<TimelineItem>>, Problem>> OfAccountAsync(
        [Description("The account.")] string account,
        [Description("Only mails that went this way: `incoming` or `sent`.")] string? direction,
        [AsParameters] PageQuery page,
        TimelineReader timelines,
        CancellationToken cancellationToken) =>
        AccountId.TryParse(account, out var id) && await timelines.OfAccountAsync(id, ReadDirection(direction), page, cancellationToken) is { } timeline
            ? TypedResults.Ok(timeline)
            : new Problem(ProblemKind.NotFound, "There is no such account.");

    /// <summary>The timeline of a deal</summary>
    /// <remarks>Every mail that belongs to the deal, once and newest first: those that were routed there, without those that a person removed, and those that a person linked. Tagged mails are hidden unless `include` names them.</remarks>
    internal static async Task<Results<Ok<Page<TimelineItem>>, Problem>> OfDealAsync(
        [Description("The deal.")] Guid id,
        [Description("Only mails that went this way: `incoming` or `sent`.")] string? direction,
        [AsParameters] TagInclude include,
        [AsParameters] PageQuery page,
        TimelineReader timelines,
        CancellationToken cancellationToken) =>
        await timelines.OfDealAsync(id, new TimelineView(ReadDirection(direction), include.Tags), page, cancellationToken) is { } timeline
            ? TypedResults.Ok(timeline)
            : new Problem(ProblemKind.NotFound, "There is no deal with this id.");

    /// <summary>The timeline of a company</summary>
    /// <remarks>Every mail with one of its contacts or to its address at the inbound domain, once and newest first. Tagged mails are hidden unless `include` names them.</remarks>
    internal static async Task<Results<Ok<Page<TimelineItem>>, Problem>> OfCompanyAsync(
        [Description("The company.")] Guid id,
        [Description("Only mails that went this way: `incoming` or `sent`.")] string? direction,
        [AsParameters] TagInclude include,
        [AsParameters] PageQuery page,
        TimelineReader timelines,
        CancellationToken cancellationToken) =>
        await timelines.OfCompanyAsync(id, new TimelineView(ReadDirection(direction), include.Tags), page, cancellationToken) is { } timeline
            ? TypedResults.Ok(timeline)
            : new Problem(ProblemKind.NotFound, "There is no company with this id.");

    /// <summary>Read an activity</summary>
    /// <remarks>
    /// With its contacts and deals, the accounts that have the same mail, and the trace back to the webhook that told of it. What a team address
    /// tells of is a capture of the activity of a mailbox, if one has the mail: its id answers with that activity.
    /// </remarks>
    internal static async Task<Results<Ok<Activity>, Problem>> ReadActivityAsync(
        [Description("The activity.")] long id, ActivityReader activities, CancellationToken cancellationToken) =>
        await activities.FindAsync(id, cancellationToken) is { } activity
            ? TypedResults.Ok(activity)
            : new Problem(ProblemKind.NotFound, "There is no activity with this id.");

    /// <summary>Why an activity is where it is</summary>
    /// <remarks>
    /// `contacts` and `deals` are what is stored, each with the rule that led there. `addresses` are what the rules say today of everybody whom
    /// the mail names: each rule in its order, what it compared, whose addresses it found, and which rule decided. `events` told of the mail, and why those made no activity.
    /// </remarks>
    internal static async Task<Results<Ok<Explanation>, Problem>> ExplainActivityAsync(
        [Description("The activity.")] long id, ExplanationReader explanations, CancellationToken cancellationToken) =>
        await explanations.FindAsync(id, cancellationToken) is { } explanation
            ? TypedResults.Ok(explanation)
            : new Problem(ProblemKind.NotFound, "There is no activity with this id.");

    /// <summary>What became of an event</summary>
    /// <remarks>Answers "why is this mail missing?": the activity that the event made, the reason for which it made none, or where it lies as a dead letter. Skips are kept for 30 days.</remarks>
    internal static async Task<Results<Ok<EventOutcome>, Problem>> ReadEventAsync(
        [Description("The id that the sender gave the event: EmailEngine's `X-EE-Wh-Event-Id`.")] string eventId,
        [Description("The account, should several have an event with this id.")] string? account,
        EventReader events,
        CancellationToken cancellationToken)
    {
        AccountId? wanted = null;
        if (account is not null && !AccountId.TryParse(account, out wanted))
        {
            return Problem.Invalid("account", "This is no account id.");
        }

        var outcomes = EventId.TryParse(eventId, out var id) ? await events.FindAsync(id, wanted, cancellationToken) : [];
        return outcomes.Count switch
        {
            0 => new Problem(ProblemKind.NotFound, "Nothing is known of this event: it did not come, is still on its way, or was skipped more than 30 days ago."),
            1 => TypedResults.Ok(outcomes[0]),
            _ => new Problem(ProblemKind.AmbiguousEvent, "Say which one: ?account=")
            {
                Members = new Dictionary<string, object?> { ["accounts"] = outcomes.Select(outcome => outcome.AccountId).ToArray() },
            },
        };
    }

    private static Direction? ReadDirection(string? text) =>
        text is null ? null
        : StableText.TryParse<Direction>(text, out var direction) ? direction
        : throw new ProblemException(Problem.Invalid("direction", "The direction is incoming or sent."));
}
