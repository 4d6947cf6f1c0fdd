using Npgsql;

namespace CrmMail.Processor.Housekeeping;

/// <summary>Deletes what has become too old, every hour, some rows at a time. Several Processors do it side by side.</summary>
internal abstract class Janitor(NpgsqlDataSource database, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>Deletes at most $2 rows from before $1.</summary>
    protected abstract string Delete { get; }

    protected abstract int PageSize { get; }

    /// <summary>What is from before this moment is too old.</summary>
    protected abstract DateTime KeptSince { get; }

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
                Failed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task DeleteOldAsync(CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            await using var command = database.CreateCommand(Delete);
            command.Parameters.Add(new() { Value = KeptSince });
            command.Parameters.Add(new() { Value = PageSize });
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (deleted == PageSize);
    }

    protected abstract void Failed(NpgsqlException exception);
}
