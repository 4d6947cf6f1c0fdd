using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using Npgsql;

namespace CrmMail.Processor.Bodies;

/// <summary>
/// Brings all data keys to the first master key, so that the one before can be removed from the configuration. What is encrypted with them
/// stays as it is. Of all Processors one at a time; who comes later goes on where another has ended.
/// </summary>
internal sealed partial class KeyRotation(NpgsqlDataSource database, MasterKeys masterKeys, Outages outages, TimeProvider time, ILogger<KeyRotation> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (masterKeys.CurrentId is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await outages.OutlastAsync(() => WorkAsync(stoppingToken), stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Encrypts anew what another master key has encrypted.</summary>
    /// <returns>How many data keys.</returns>
    internal async Task<long> WorkAsync(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        var table = new DataKeyTable(connection, masterKeys);
        var outdated = Known(await table.CountOutdatedAsync(stop));
        if (outdated.Count == 0)
        {
            return 0;
        }

        await using var held = await table.TryLockAsync(stop);
        return held is null ? 0 : await RewrapAsync(table, outdated, stop);
    }

    private async Task<long> RewrapAsync(DataKeyTable table, List<string> outdated, CancellationToken stop)
    {
        var done = 0L;
        for (int count; (count = await table.RewrapAsync(outdated, stop)) > 0;)
        {
            done += count;
        }

        if (done > 0)
        {
            await table.AuditAsync(done, stop);
            LogEnded(done, masterKeys.CurrentId!);
        }

        return done;
    }

    /// <summary>The master keys of the configuration that have encrypted something. What others have cannot be read until they are put back.</summary>
    private List<string> Known(List<(string MasterKey, long Count)> counts)
    {
        var known = new List<string>();
        foreach (var (masterKey, count) in counts)
        {
            if (masterKeys.Has(masterKey))
            {
                known.Add(masterKey);
            }
            else
            {
                LogMissing(count, masterKey);
            }
        }

        return known;
    }

    [LoggerMessage(392, LogLevel.Information, "{Count} data keys are encrypted with the master key {MasterKey} now.")]
    private partial void LogEnded(long count, string masterKey);

    [LoggerMessage(393, LogLevel.Error, "{Count} data keys are encrypted with the master key {MasterKey}, which Bodies:MasterKeys does not have. Put it back behind the others.")]
    private partial void LogMissing(long count, string masterKey);
}
