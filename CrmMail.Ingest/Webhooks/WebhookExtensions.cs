using CrmMail.Ingest.Limits;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Webhooks;

internal static class WebhookExtensions
{
    private const string Path = "/webhooks/emailengine";

    public static void AddWebhooks(this IHostApplicationBuilder builder)
    {
        // Validated by WebhookSecrets, at the start and at each change. ValidateOnStart would do it at each change as well, and throw into
        // whoever changed the settings.
        builder.Services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        builder.Services.AddSingleton<WebhookSecrets>();
        builder.Services.AddSingleton<WebhookBodyReader>();
        builder.Services.AddSingleton<WebhookIntake>();
        builder.Services.AddSingleton<WebhookHandler>();
    }

    /// <summary>Maps <c>POST /webhooks/emailengine</c> and <c>POST /webhooks/emailengine/{instance}</c>.</summary>
    public static void MapWebhooks(this WebApplication app)
    {
        var handler = app.Services.GetRequiredService<WebhookHandler>();

        // Ends the reading of a body (WebhookBodyReader). What comes after it has time limits of its own and does not look at the request's.
        var timeout = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value.ReceiveTimeout;
        foreach (var pattern in (string[])[Path, $"{Path}/{{{WebhookHandler.InstanceParameter}}}"])
        {
            app.MapPost(pattern, (RequestDelegate)handler.HandleAsync)
                .RequireRateLimiting(AddressRateLimit.Policy)
                .WithRequestTimeout(timeout);
        }
    }
}
