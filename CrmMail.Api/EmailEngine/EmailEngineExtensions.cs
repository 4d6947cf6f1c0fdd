using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.EmailEngine;

internal static class EmailEngineExtensions
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);

    /// <summary>The client of EmailEngine's API. Without EmailEngine the Api is degraded and not unhealthy: whatever only reads still answers.</summary>
    public static void AddEmailEngine(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EmailEngineOptions>()
            .BindConfiguration(EmailEngineOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.ConnectionString = configuration.GetConnectionString(EmailEngineConnection.Name))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EmailEngineOptions>, EmailEngineOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SubmitRetry>();
        builder.Services.AddHttpClient<EmailEngineClient>(Connect);
        builder.Services.AddHealthChecks().AddCheck<EmailEngineHealthCheck>("EmailEngine", HealthStatus.Degraded);
    }

    private static void Connect(IServiceProvider services, HttpClient http)
    {
        var connectionString = services.GetRequiredService<IOptions<EmailEngineOptions>>().Value.ConnectionString;
        if (!EmailEngineConnection.TryParse(connectionString, out var connection, out var fault))
        {
            throw new InvalidOperationException(fault);
        }

        http.BaseAddress = connection.Endpoint;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", connection.Token);
        http.Timeout = LongestCall;
    }
}
