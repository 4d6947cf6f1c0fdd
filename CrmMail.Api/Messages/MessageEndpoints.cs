using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Messages;

internal static class MessageEndpoints
{
    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly MessageRequest ExampleRequest = new()
    {
        To = [new("bob@example.org", "Bob Buyer")],
        Subject = "Our offer",
        Text = "Dear Bob,\n\nhere it is.",
        Html = "<p>Dear Bob,</p><p>here it is.</p>",
        Attachments = [new("offer.txt", "text/plain", "NDIgRVVS")],
        SendAt = ExampleTime,
    };

    private static readonly AcceptedMessage ExampleAnswer = new("019aaf5e-4c1b-7d0e-9d4e-3f0d6a1c2b7a@example.com", "19ae0cd1a8f3f2a7c41", ExampleTime);
    private static readonly QueuedMessage ExampleQueued = new(
        ExampleAnswer.QueueId, ExampleAnswer.MessageId, ["bob@example.org"], "Our offer", ExampleTime.AddDays(-1), ExampleTime, ExampleTime, 0, null);

    public static void AddMessages(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RedactionOptions>().BindConfiguration(RedactionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => new Redactor(services.GetRequiredService<IOptions<RedactionOptions>>().Value));
        builder.Services.AddSingleton<OutboundStore>();
        builder.Services.AddTransient<MessageSender>();
        builder.Services.AddTransient<Outbox>();
    }

    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/api/accounts/{account}/messages").WithTags("Messages").RequireScope(ApiScope.Crm)
            .FailsWith(ProblemKind.EmailEngineRefused, ProblemKind.EmailEngineRateLimited, ProblemKind.EmailEngineUnavailable);
        messages.MapPost("/", SendAsync).WithMetadata(new RequestSizeLimitAttribute(MessageRules.MaxRequestBytes))
            .TakesExample(ExampleRequest).AnswersExample(ExampleAnswer, StatusCodes.Status202Accepted)
            .FailsWith(ProblemKind.AccountNotFound, ProblemKind.OutcomeUnknown, ProblemKind.IdempotencyKeyReused, ProblemKind.MailboxUnavailable);
        messages.MapGet("/", ListAsync).AnswersExample(new Page<QueuedMessage>([ExampleQueued], null));
        messages.MapGet("/{queueId}", ReadAsync).AnswersExample(ExampleQueued).FailsWith(ProblemKind.NotFound);
        messages.MapDelete("/{queueId}", CancelAsync).FailsWith(ProblemKind.NotFound, ProblemKind.BeingDelivered);
    }

    /// <summary>Send a mail</summary>
    /// <remarks>
    /// The answer means that the mail is in the outbox; what becomes of it is the status of its activity. With the same `Idempotency-Key`
    /// the request may be repeated for a day, until an answer comes: the mail is sent once. The same key with another request is refused.
    /// </remarks>
    internal static async Task<Results<Accepted<AcceptedMessage>, Problem>> SendAsync(
        [Description("The account that sends it.")] AccountId account,
        [FromHeader(Name = IdempotencyKey.Header), Description("A text of your choice, another for every mail: 1 to 255 visible ASCII characters.")] string? idempotencyKey,
        MessageRequest request,
        MessageSender sender,
        CancellationToken cancellationToken)
    {
        var faults = MessageRules.Check(request);
        if (!IdempotencyKey.TryRead(idempotencyKey, out var key))
        {
            faults.Add(IdempotencyKey.Header, $"A key has 1 to {IdempotencyKey.MaxLength} visible ASCII characters.");
        }

        if (faults.Any)
        {
            return Problem.Invalid(faults);
        }

        var answer = await sender.SendAsync(account, request, key!, cancellationToken);
        return answer.Accepted is { } accepted
            ? TypedResults.Accepted($"/api/accounts/{Uri.EscapeDataString(account.Value)}/messages/{accepted.QueueId}", accepted)
            : new Problem(ProblemKind.EmailEngineRefused, answer.Refused!.Detail, FieldFaults.Of(answer.Refused.Errors));
    }

    /// <summary>List the mails that are not sent yet</summary>
    /// <remarks>In the order in which EmailEngine keeps them. What comes or goes while you turn pages may be missing or shown twice.</remarks>
    internal static async Task<Ok<Page<QueuedMessage>>> ListAsync(
        [Description("The account.")] AccountId account, [AsParameters] PageQuery page, Outbox outbox, CancellationToken cancellationToken) =>
        TypedResults.Ok(await outbox.ListAsync(account, page, cancellationToken));

    /// <summary>Read a mail that is not sent yet</summary>
    internal static async Task<Results<Ok<QueuedMessage>, Problem>> ReadAsync(
        [Description("The account.")] AccountId account,
        [Description("The id in the outbox.")] string queueId,
        Outbox outbox,
        CancellationToken cancellationToken) =>
        await outbox.FindAsync(account, queueId, cancellationToken) is { } queued
            ? TypedResults.Ok(queued)
            : new Problem(ProblemKind.NotFound, "The account has no such mail in the outbox: it was sent, or taken back.");

    /// <summary>Take a mail back</summary>
    /// <remarks>Only a mail that is not sent yet, and not being delivered at this moment.</remarks>
    internal static async Task<Results<NoContent, Problem>> CancelAsync(
        [Description("The account.")] AccountId account,
        [Description("The id in the outbox.")] string queueId,
        Outbox outbox,
        CancellationToken cancellationToken) =>
        await outbox.CancelAsync(account, queueId, cancellationToken) is { } problem ? problem : TypedResults.NoContent();
}
