using Npgsql;

namespace CrmMail.Processor.Housekeeping;

/// <summary>Forgets why events were skipped after 30 days, a few thousand rows at a time. Several Processors do it side by side.</summary>
internal sealed partial class SkipJanitor(NpgsqlDataSource database, TimeProvider time, ILogger<SkipJanitor> logger) : BackgroundService
{
    private const int BatchSize = 5000;

    /// <summary>How long a skip is remembered.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await DeleteOldAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                LogFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task DeleteOldAsync(CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            await using var command = database.CreateCommand(
                """
                delete from skipped_events
                where ctid = any (array(
                    select ctid
                    from skipped_events
                    where recorded_at < $1
                    limit $2
                    for update skip locked))
                """);
            command.Parameters.Add(new() { Value = time.GetUtcNow().UtcDateTime - KeptFor });
            command.Parameters.Add(new() { Value = BatchSize });
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (deleted == BatchSize);
    }

    [LoggerMessage(330, LogLevel.Warning, "Old skips could not be deleted; the next try is in an hour.")]
    private partial void LogFailed(Exception exception);
}
