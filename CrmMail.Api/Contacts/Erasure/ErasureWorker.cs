using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>Brings erasures to their end that nobody waits for any more: the Api that had begun one has died, or its caller has hung up.</summary>
internal sealed partial class ErasureWorker(ErasureTable erasures, ContactEraser eraser, TimeProvider time, ILogger<ErasureWorker> logger) : BackgroundService
{
    /// <summary>Until then whoever asked for it is at it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Patience, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FinishAsync(Patience, stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                LogFailed(exception);
            }
        }
    }

    /// <summary>Brings to their end all erasures that began longer ago than this.</summary>
    internal async Task FinishAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        foreach (var (contact, actor) in await erasures.FindUnfinishedAsync(age, cancellationToken))
        {
            await eraser.EraseAsync(contact, actor, cancellationToken);
        }
    }

    [LoggerMessage(480, LogLevel.Warning, "An erasure could not be brought to its end; the next try is in a minute.")]
    private partial void LogFailed(Exception exception);
}
