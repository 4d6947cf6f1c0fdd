using EmailEngineSimulator.Http;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Control;

internal static class WebhookControl
{
    public static void Map(IEndpointRouteBuilder control, WebhookQueue webhooks)
    {
        control.MapGet("/webhooks", (int? limit) => webhooks.Last(limit ?? 100).Select(WebhookView.Of));
        control.MapGet("/webhooks/{id:long}", (long id) => WebhookDetail.Of(Get(webhooks, id)));
        control.MapPost("/webhooks/{id:long}/resend", (long id) => Resend(webhooks, Get(webhooks, id)));
        control.MapPost("/webhooks", (HttpRequest request, string account, string @event) => SendRawAsync(webhooks, request, account, @event));
    }

    private static Webhook Get(WebhookQueue webhooks, long id) => webhooks.Find(id) ?? throw ApiError.NotFound("There is no such webhook");

    /// <summary>The same event under a new job id, as a receiver sees it that answered but whose answer was lost.</summary>
    private static WebhookView Resend(WebhookQueue webhooks, Webhook webhook) =>
        WebhookView.Of(webhooks.Enqueue(webhook.Account, webhook.Event, webhook.Body, webhook.EventId));

    /// <summary>Signs and sends the request body as it is, whatever it is: for receivers that must survive anything.</summary>
    private static async Task<WebhookView> SendRawAsync(WebhookQueue webhooks, HttpRequest request, string account, string eventName)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return WebhookView.Of(webhooks.Enqueue(account, eventName, body.ToArray()));
    }
}
