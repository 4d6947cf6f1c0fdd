using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Runs a service to its end. A wrong setting ends it before it answers anybody, with one line that says which.</summary>
public static partial class ServiceRun
{
    /// <summary>Builds the service, checks its settings, maps its endpoints and runs it until it is told to stop.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="map">Adds middleware and endpoints. They are built from settings, so it is called once those are known to be right.</param>
    /// <returns>The exit code of the process: 0 after a stop, 1 when a setting was wrong.</returns>
    public static async Task<int> RunServiceAsync(this WebApplicationBuilder builder, Action<WebApplication> map)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(map);
        WebApplication? app = null;
        try
        {
            app = builder.Build();

            // Before the host does, which reports a wrong setting with a stack trace.
            app.Services.GetService<IStartupValidator>()?.Validate();
            map(app);
        }
        catch (Exception wrong) when (IsWrongSetting(wrong))
        {
            if (app is not null)
            {
                await app.DisposeAsync().ConfigureAwait(false);
            }

            Report(builder, wrong);
            return 1;
        }

        await app.RunAsync().ConfigureAwait(false);
        return 0;
    }

    // Of a value that cannot be converted the configuration binder tells by InvalidOperationException, as clients do of a missing connection
    // string; those that read connection strings tell of a malformed one by ArgumentException.
    private static bool IsWrongSetting(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.All(IsWrongSetting),
        OptionsValidationException or InvalidOperationException or ArgumentException => true,
        _ => false,
    };

    /// <summary>To the console alone, for the service's own logs may not exist: the server is built with it, from its settings.</summary>
    private static void Report(WebApplicationBuilder builder, Exception wrong)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        var logger = loggers.CreateLogger(builder.Environment.ApplicationName);
        LogWrongSetting(logger, Describe(wrong));
        LogDetails(logger, wrong);
    }

    private static string Describe(Exception wrong) =>
        wrong is AggregateException several ? string.Join(' ', several.InnerExceptions.Select(Describe)) : wrong.Message.TrimEnd();

    [LoggerMessage(1, LogLevel.Critical, "{Fault}")]
    private static partial void LogWrongSetting(ILogger logger, string fault);

    [LoggerMessage(2, LogLevel.Debug, "The service was not started.")]
    private static partial void LogDetails(ILogger logger, Exception wrong);
}
