using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Limits;

internal static class LimitExtensions
{
    public static void AddLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        builder.Services.AddSingleton<IPostConfigureOptions<ForwardedHeadersOptions>, KnownProxies>();
        builder.Services.AddSingleton<ReceiveBudget>();
        builder.Services.AddSingleton<InFlightGate>();
        builder.Services.AddRateLimiter(options => options.AddPolicy<UInt128, AddressRateLimit>(AddressRateLimit.Policy));
        builder.Services.AddRequestTimeouts();
    }

    public static void UseLimits(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseRateLimiter();
    }
}
