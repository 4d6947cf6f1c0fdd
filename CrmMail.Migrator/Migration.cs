using CrmMail.Contracts;
using CrmMail.Migrator.ApiKeys;
using CrmMail.Migrator.Topics;
using Microsoft.Extensions.Options;

namespace CrmMail.Migrator;

/// <summary>All that has to be there before the services start. Every step may be repeated without harm.</summary>
internal sealed partial class Migration(SchemaMigrator schema, ApiKeySeeder apiKeys, TopicProvisioner topics, RetentionRecorder retention, Patience patience)
{
    /// <summary>Runs the host until everything is done.</summary>
    /// <returns>The exit code of the process: 0 when all is done; else 1, after one line that says why.</returns>
    public static async Task<int> RunAsync(IHost host)
    {
        var logger = host.Services.GetRequiredService<ILogger<Migration>>();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            // Before the host does, which reports a wrong setting with a stack trace.
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            await host.StartAsync(stopping);
            await host.Services.GetRequiredService<Migration>().RunAsync(stopping);
            await host.StopAsync(CancellationToken.None);
            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogFailed(logger, "Stopped before everything was done. Start it again: it goes on where it was.", null);
        }
        catch (Exception exception)
        {
            var cause = ServerError.Describe(exception);
            LogFailed(logger, cause ?? exception.Message, cause is null ? exception : null);
        }

        return 1;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await patience.RunAsync(schema.MigrateAsync, cancellationToken);
        await patience.RunAsync(apiKeys.SeedAsync, cancellationToken);
        await patience.RunAsync(topics.ProvisionAsync, cancellationToken);
        await patience.RunAsync(retention.RecordAsync, cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Critical, "{Cause}")]
    private static partial void LogFailed(ILogger logger, string cause, Exception? exception);
}
