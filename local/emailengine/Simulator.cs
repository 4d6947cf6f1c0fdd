using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Control;
using EmailEngineSimulator.Form;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Mailboxes;
using EmailEngineSimulator.Outbox;
using EmailEngineSimulator.Settings;
using EmailEngineSimulator.Time;
using EmailEngineSimulator.Webhooks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace EmailEngineSimulator;

/// <summary>The whole of it: services and routes.</summary>
internal static class Simulator
{
    public static void AddEmailEngine(this WebApplicationBuilder builder)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        AddConfiguration(builder.Services, builder.Configuration);
        AddHttp(builder.Services);
        AddFeatures(builder.Services);
    }

    public static void MapEmailEngine(this WebApplication app)
    {
        app.UseExceptionHandler(ApiRoutes.AnswerUnexpected);
        app.Use(ApiRoutes.AnswerErrorsAsync);
        app.MapGet("/health", () => new { success = true });

        var services = app.Services;
        var api = new ApiRoutes(app, services.GetRequiredService<ApiDescription>(), services.GetRequiredService<Switches>());
        AccountEndpoints.Map(api, services);
        FolderEndpoints.Map(api, services);
        MessageEndpoints.Map(api, services);
        OutboxEndpoints.Map(api, services);
        SettingsEndpoints.Map(api, services);
        StatsEndpoints.Map(api, services);
        FormEndpoints.Map(api, app, services);
        ControlEndpoints.Map(app, services);
        app.MapFallback(() => { throw ApiError.NotFound("Not Found"); });
    }

    private static void AddConfiguration(IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddOptions<EngineOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EngineOptions>, EngineOptionsValidator>();
        services.AddSingleton<ApiDescription>();
        services.AddSingleton<EngineSettings>();
        services.AddHostedService<StartMessages>();
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<EngineOptions>>(
            (kestrel, engine) => kestrel.Listen(ListenAddress.ParseHost(engine.Value.Host), ListenAddress.ParsePort(engine.Value.Port)));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.Encoder = EngineJson.Options.Encoder;
            json.SerializerOptions.DefaultIgnoreCondition = EngineJson.Options.DefaultIgnoreCondition;
            foreach (var converter in EngineJson.Options.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });

        // A control request that cannot be read is answered with the reason, also outside of Development.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    private static void AddFeatures(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<DelayedWork>();
        services.AddSingleton<Pace>();

        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<AccountLifecycle>();
        services.AddSingleton<AccountForm>();
        services.AddSingleton<MailboxActions>();
        services.AddSingleton<MessageViews>();

        services.AddSingleton<OutboxQueue>();
        services.AddSingleton<Delivery>();
        services.AddSingleton<Submission>();

        services.AddSingleton<Announcer>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookQueue>());

        services.AddSingleton<Switches>();
        services.AddSingleton<Overview>();
        services.AddSingleton<MailboxControl>();
    }
}
