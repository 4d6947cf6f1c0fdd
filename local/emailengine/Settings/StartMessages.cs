using Microsoft.Extensions.Options;

namespace EmailEngineSimulator.Settings;

/// <summary>Says at the start what a person who expects EmailEngine should know.</summary>
internal sealed partial class StartMessages(IOptions<EngineOptions> options, ILogger<StartMessages> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        MailboxesInMemory(logger);
        if (options.Value.PreparedToken is null)
        {
            NoToken(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "This is a simulator of EmailEngine. Mailboxes are in memory and gone when it stops; EENGINE_REDIS and EENGINE_SECRET are not used.")]
    private static partial void MailboxesInMemory(ILogger logger);

    [LoggerMessage(2, LogLevel.Warning, "EENGINE_PREPARED_TOKEN is not set: every request to /v1 is refused.")]
    private static partial void NoToken(ILogger logger);
}
