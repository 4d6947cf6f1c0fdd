using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>
/// Holds a draft against the real tables, one account after the other. A rebuild repairs what came from the range and is not right, in the
/// same transaction, with the account locked; all else that differs is left to the pass that follows, which adds as live events do.
/// </summary>
internal sealed class AccountComparison(NpgsqlDataSource database, PartitionWork work)
{
    private const string NextAccount = "select min(account_id) from seen_accounts where partition = $1 and account_id > $2";

    private const string LockAccount = "select from public.accounts where id = $1 for no key update";

    private const string IsErasedMeanwhile = """
        select exists (select from erased_addresses where erased_at >= replay_runs.started_at)
        from replay_runs
        where id = $1
        """;

    private const string LeaveToFill = "delete from comparison where kind = 'added' or (is_seed and kind <> 'unchanged')";

    private readonly string _reduceDraft = SqlFile.Read("reduce_draft");
    private readonly string _compare = SqlFile.Read("compare_account");
    private readonly string _record = SqlFile.Read("record_comparison");
    private readonly string[] _repair =
    [
        SqlFile.Read("touch_entries"), SqlFile.Read("repair_activities"), SqlFile.Read("repair_bodies"), SqlFile.Read("repair_links"), SqlFile.Read("repair_new_entries"),
        SqlFile.Read("repair_new_links"), SqlFile.Read("repair_removed"), SqlFile.Read("settle_entries"),
    ];

    private readonly string _repairLedger = SqlFile.Read("repair_ledger");
    private readonly string _repairCounts = SqlFile.Read("repair_counts");

    /// <summary>Lets the planner of the database know how large the draft is; it was empty a moment ago.</summary>
    /// <returns>0.</returns>
    public async Task<int> PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DraftSchema.UseAsync(connection, work.Run.Id, cancellationToken);
        await ExecuteAsync(connection, "analyze activities, activity_bodies, message_keys, activity_contacts, skipped_events, address_ledger, seeds, loose_references", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return 0;
    }

    /// <summary>Compares the account after this one.</summary>
    /// <returns>The account; null when there was none left.</returns>
    /// <exception cref="LeaseLostException">Nothing was written.</exception>
    /// <exception cref="ReplayFailedException">Nothing was written of this account.</exception>
    public async Task<string?> CompareNextAsync(string previous, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DraftSchema.UseAsync(connection, work.Run.Id, cancellationToken);
        if (await FindNextAsync(connection, previous, cancellationToken) is not { } account)
        {
            return null;
        }

        var isRepair = work.Run.Mode == ReplayMode.Rebuild;
        if (isRepair)
        {
            await ThrowIfErasedMeanwhileAsync(connection, cancellationToken);
            await ExecuteAsync(connection, LockAccount, cancellationToken, new NpgsqlParameter { Value = account });
        }

        await ExecuteAsync(connection, _reduceDraft, cancellationToken, new NpgsqlParameter { Value = account });
        await ExecuteAsync(connection, _compare, cancellationToken, new() { Value = account }, new() { Value = work.Run.Id }, new() { Value = work.Run.IsRebuild });
        if (isRepair)
        {
            await RepairAsync(connection, account, cancellationToken);
        }

        await RecordAsync(connection, account, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return account;
    }

    /// <summary>What was drafted before may name a person who is erased now. Nobody is erased while the transaction lasts.</summary>
    private async Task ThrowIfErasedMeanwhileAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, ErasureLock.Share, cancellationToken);
        await using var command = new NpgsqlCommand(IsErasedMeanwhile, connection) { Parameters = { new() { Value = work.Run.Id } } };
        if (await command.ExecuteScalarAsync(cancellationToken) is true)
        {
            throw new ReplayFailedException("A person was erased after the run had begun, and what it has drafted may name that person. Start it again.");
        }
    }

    private async Task<string?> FindNextAsync(NpgsqlConnection connection, string previous, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(NextAccount, connection) { Parameters = { new() { Value = work.Partition }, new() { Value = previous } } };
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private async Task RepairAsync(NpgsqlConnection connection, string account, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, LeaveToFill, cancellationToken);
        foreach (var sql in _repair)
        {
            await ExecuteAsync(connection, sql, cancellationToken);
        }

        await ExecuteAsync(connection, _repairLedger, cancellationToken, new NpgsqlParameter { Value = account });
        await ExecuteAsync(connection, _repairCounts, cancellationToken, new NpgsqlParameter { Value = account });
    }

    private async Task RecordAsync(NpgsqlConnection connection, string account, CancellationToken cancellationToken)
    {
        var written = await ExecuteAsync(
            connection,
            _record,
            cancellationToken,
            new() { Value = work.Run.Id },
            new() { Value = work.Partition },
            new() { Value = work.Owner },
            new() { Value = account });
        if (written == 0)
        {
            throw new LeaseLostException();
        }
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        // No timeout but the run's own end: a large account takes as long as it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
