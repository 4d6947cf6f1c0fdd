using System.Net;
using MailParseSimulator.Mails;
using MailParseSimulator.Webhooks;

namespace MailParseSimulator.Control;

/// <summary>The control API under <c>/simulator</c>. No authentication: a tool of the developer's own machine, and only for it.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/simulator").AddEndpointFilter(RefuseStrangersAsync);
        control.MapPost("/inboxes/{inbox}/messages", TakeAsync);
        control.MapGet("/switches", (Switches switches) => switches.Read());
        control.MapPut("/switches", (SwitchState change, Switches switches) => switches.Apply(change));
    }

    /// <summary>A mail comes: it is in the listing from now on, and a webhook tells of it.</summary>
    private static async Task<IResult> TakeAsync(
        string inbox, HttpRequest request, Inboxes inboxes, WebhookQueue webhooks, Switches switches, TimeProvider time, CancellationToken cancellationToken)
    {
        using var mail = new MemoryStream();
        await request.Body.CopyToAsync(mail, cancellationToken);
        if (Payload.Make(mail.ToArray(), time.GetUtcNow()) is not { } payload)
        {
            return Results.BadRequest("The mail is not a JSON object.");
        }

        inboxes.Add(inbox, payload);
        if (switches.SendsWebhooks)
        {
            webhooks.Enqueue(new Webhook(inbox, payload));
        }

        return Results.Accepted(value: new Delivery(inbox, payload.Length, switches.SendsWebhooks));
    }

    private static ValueTask<object?> RefuseStrangersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            ? next(context)
            : ValueTask.FromResult<object?>(Results.StatusCode(StatusCodes.Status403Forbidden));
}

/// <param name="Inbox">Where the mail is.</param>
/// <param name="Bytes">The size of its payload.</param>
/// <param name="Webhook">Whether a webhook tells of it.</param>
internal sealed record Delivery(string Inbox, int Bytes, bool Webhook);
