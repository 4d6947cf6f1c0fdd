using System.Text.Json.Serialization;
using MailParseSimulator.Control;
using MailParseSimulator.Listing;
using MailParseSimulator.Mails;
using MailParseSimulator.Webhooks;
using Microsoft.Extensions.Options;

namespace MailParseSimulator;

/// <summary>The whole of it: services and routes.</summary>
internal static class Simulator
{
    public static void AddMailParseSimulator(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        var services = builder.Services;
        services.AddOptions<SimulatorOptions>().BindConfiguration(SimulatorOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SimulatorOptions>, SimulatorOptionsValidator>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, SimulatorJson.Default));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Inboxes>();
        services.AddSingleton<Switches>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookQueue>());
    }

    public static void MapMailParseSimulator(this WebApplication app)
    {
        app.MapGet("/health", () => Results.Ok());
        ListingEndpoints.Map(app);
        ControlEndpoints.Map(app);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SwitchState))]
[JsonSerializable(typeof(Delivery))]
internal sealed partial class SimulatorJson : JsonSerializerContext;
