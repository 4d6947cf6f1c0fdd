using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Runs;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Privacy;

/// <summary>
/// Applies the levels of today to what is stored, a page of one account in a transaction of its own with the account locked, and with it
/// how far the run is: whoever takes it up goes on there. Only for the one connection that holds the lock: see <see cref="TryLockAsync"/>.
/// </summary>
internal sealed class StorageRunTable(NpgsqlConnection connection) : IRunTable<StorageRun>
{
    private const int PageSize = 1000;

    // "storelvl" in ASCII.
    private const long Lock = 0x73746F72656C766C;

    private const string NextAccount = "select id from accounts where id > $1 and ($2 is null or id = $2) order by id limit 1";

    private const string LockAccount = "select from accounts where id = $1 for no key update";

    private const string IsThereWork = "exists (select from storage_runs where state in ('queued', 'running'))";

    private static readonly string Take = SqlFile.Read("take_storage_run");
    private static readonly string ReduceActivities = SqlFile.Read("reduce_activities");
    private static readonly string ReduceOutbound = SqlFile.Read("reduce_outbound_messages");
    private static readonly string Record = SqlFile.Read("record_storage_run");
    private static readonly string End = SqlFile.Read("end_storage_run");

    /// <inheritdoc/>
    public Task<WorkLock?> TryLockAsync(CancellationToken cancellationToken) => WorkLock.TryTakeAsync(connection, Lock, IsThereWork, cancellationToken);

    /// <inheritdoc/>
    public async Task<StorageRun?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Take, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new StorageRun(row.GetGuid(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(2), new StoragePlace(row.GetDateTime(3), row.GetInt64(4)))
            : null;
    }

    /// <summary>Does the next page.</summary>
    /// <returns>The run as it is then; null when nothing is left.</returns>
    public async Task<StorageRun?> StepAsync(StorageRun run, CancellationToken cancellationToken)
    {
        if (await NextAccountAsync(run, cancellationToken) is not { } account)
        {
            return null;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(LockAccount, cancellationToken, new NpgsqlParameter { Value = account });
        var (isLast, changed, place) = await ReduceActivitiesAsync(account, run.Before, cancellationToken);
        if (isLast)
        {
            changed += await ExecuteAsync(ReduceOutbound, cancellationToken, new NpgsqlParameter { Value = account });
        }

        var next = isLast ? run with { LastAccount = account, Before = StoragePlace.Newest } : run with { Before = place };
        await ExecuteAsync(
            Record,
            cancellationToken,
            new() { Value = run.Id },
            new() { Value = next.LastAccount },
            new() { Value = next.Before.OccurredAt },
            new() { Value = next.Before.Id },
            new() { Value = isLast ? 1L : 0L },
            new() { Value = changed });
        await transaction.CommitAsync(cancellationToken);
        return next;
    }

    /// <inheritdoc/>
    public Task EndAsync(StorageRun run, RunState state, string? error, CancellationToken cancellationToken) => ExecuteAsync(
        End,
        cancellationToken,
        new() { Value = run.Id },
        new() { Value = state.ToText() },
        new() { Value = (object?)error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });

    private async Task<string?> NextAccountAsync(StorageRun run, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(NextAccount, connection);
        command.Parameters.Add(new() { Value = run.LastAccount });
        command.Parameters.Add(new() { Value = (object?)run.OnlyAccount ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private async Task<(bool IsLast, long Changed, StoragePlace Place)> ReduceActivitiesAsync(string account, StoragePlace before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ReduceActivities, connection);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = before.OccurredAt });
        command.Parameters.Add(new() { Value = before.Id });
        command.Parameters.Add(new() { Value = PageSize });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var count = row.GetInt64(0);
        return (count < PageSize, row.GetInt64(1), count == 0 ? before : new StoragePlace(row.GetDateTime(2), row.GetInt64(3)));
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
