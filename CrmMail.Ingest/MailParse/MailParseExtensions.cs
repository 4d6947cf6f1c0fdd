using CrmMail.Ingest.Limits;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.MailParse;

internal static class MailParseExtensions
{
    private const string Pattern = $"/webhooks/mailparse/{{{MailParseHandler.InboxParameter}}}";

    /// <summary>Its secrets are those of <see cref="Webhooks.WebhookExtensions.AddWebhooks"/>, as is everything else it shares with the webhooks of EmailEngine.</summary>
    public static void AddMailParse(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<MailParseHandler>();

    /// <summary>Maps <c>POST /webhooks/mailparse/{inbox}</c>.</summary>
    public static void MapMailParse(this WebApplication app)
    {
        var handler = app.Services.GetRequiredService<MailParseHandler>();
        app.MapPost(Pattern, (RequestDelegate)handler.HandleAsync)
            .RequireRateLimiting(AddressRateLimit.Policy)
            .WithRequestTimeout(app.Services.GetRequiredService<IOptions<LimitOptions>>().Value.ReceiveTimeout);
    }
}
