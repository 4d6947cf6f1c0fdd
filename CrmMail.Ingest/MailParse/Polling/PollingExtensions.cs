using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.MailParse.Polling;

internal static class PollingExtensions
{
    /// <summary>Fetches the mails of MailParse that are listed, beside those that webhooks bring. It needs the database of <see cref="Spill.SpillExtensions.AddSpilledBodies"/>.</summary>
    public static void AddMailParsePolling(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PollingOptions>().BindConfiguration(PollingOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PollingOptions>, PollingOptionsValidator>();

        // The addresses that would be logged name inboxes, and a redirection could lead the token anywhere.
        builder.Services.AddHttpClient(nameof(ListingClient))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<ListingClient>(
            services, services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(ListingClient))));

        builder.Services.AddSingleton<IPollingCursors, PollingCursorTable>();
        builder.Services.AddSingleton<InboxReader>();
        builder.Services.AddHostedService<PollingWorker>();
    }
}
