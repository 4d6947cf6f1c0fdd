using System.Diagnostics;
using CrmMail.ServiceDefaults.Health;
using CrmMail.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of CrmMail does alike: telemetry, health, resilience of its HTTP calls.</summary>
public static class Extensions
{
    private const string HealthPath = "/health";
    private const string AlivePath = "/alive";
    private const string LiveTag = "live";

    /// <summary>For a service that calls others over HTTP: <see cref="AddBasicServiceDefaults"/>, service discovery and resilience.</summary>
    /// <remarks>Only requests that may be sent twice are retried: a second POST could send a mail a second time.</remarks>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddBasicServiceDefaults();

        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(resilience => resilience.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });

        return builder;
    }

    /// <summary>For a service that calls no other over HTTP: telemetry and health checks.</summary>
    public static TBuilder AddBasicServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();

        return builder;
    }

    /// <summary>
    /// Logs, metrics and spans of the service and of the platform beneath it, sent where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; client packages
    /// add their own. Without it none are made: nobody would see them, and a span for each event is a good part of what an event costs.
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // ASP.NET Core 10 puts http.request.method, url.path and their like on the span of a request only when asked to.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return builder;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(
                "CrmMail.*", "Microsoft.AspNetCore.*", "System.Net.Http", "System.Net.NameResolution", "System.Runtime", "Polly"))
            .WithTracing(tracing => tracing
                .AddSource("CrmMail.*", "Microsoft.AspNetCore", "System.Net.Http")
                .AddInstrumentation(services => new RequestSpans(services.GetService<DiagnosticListener>())))
            .UseOtlpExporter();

        return builder;
    }

    /// <summary>The check that the process answers at all, and the settings of the endpoints (section <c>HealthChecks</c>).</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);

        builder.Services.AddOptions<HealthEndpointOptions>().BindConfiguration(HealthEndpointOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<HealthEndpointOptions>, HealthEndpointOptionsValidator>();
        builder.Services.AddSingleton<IPostConfigureOptions<HealthCheckServiceOptions>, BoundedHealthChecks>();
        builder.Services.AddRequestTimeouts();
        builder.Services.AddOutputCache();

        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (every check: can this service do its work) and <c>/alive</c> (only those tagged <c>live</c>: should it be
    /// restarted). Call it before other middleware is added.
    /// </summary>
    /// <remarks>In every environment: orchestrators probe in production. The answer gives away the names of the checks and nothing else.</remarks>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.UseWhen(
            context => context.Request.Path.Equals(HealthPath) || context.Request.Path.Equals(AlivePath),
            probe => probe.Use(UntracedProbe.InvokeAsync));
        app.UseRequestTimeouts();
        app.UseOutputCache();

        var options = app.Services.GetRequiredService<IOptions<HealthEndpointOptions>>().Value;
        app.MapProbe(HealthPath, options, check => true);
        app.MapProbe(AlivePath, options, check => check.Tags.Contains(LiveTag));

        return app;
    }

    private static void MapProbe(
        this WebApplication app, string path, HealthEndpointOptions options, Func<HealthCheckRegistration, bool> predicate)
        => app.MapHealthChecks(path, new HealthCheckOptions { Predicate = predicate, ResponseWriter = HealthReportJson.WriteAsync })
            .WithRequestTimeout(options.RequestTimeout)
            .CacheOutput(new ProbeCachePolicy(options.ExpireAfter))
            .DisableHttpMetrics();
}
