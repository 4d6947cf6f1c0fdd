using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Bodies;

/// <summary>The table <c>data_keys</c>, as far as a change of the master key touches it. For one connection.</summary>
internal sealed class DataKeyTable(NpgsqlConnection connection, MasterKeys masterKeys)
{
    private const int PageSize = 500;

    // "bodykeys" in ASCII.
    private const long Lock = 0x626F64796B657973;

    private const string CountByMasterKey = "select master_key, count(*) from data_keys where master_key <> $1 group by master_key order by master_key";

    private static readonly string Outdated = SqlFile.Read("outdated_data_keys");
    private static readonly string Rewrap = SqlFile.Read("rewrap_data_keys");
    private static readonly string Audit = SqlFile.Read("audit_rewrapping");

    /// <summary>Makes this the one that works on the keys; null when another one does.</summary>
    public Task<WorkLock?> TryLockAsync(CancellationToken cancellationToken) => WorkLock.TryTakeAsync(connection, Lock, "true", cancellationToken);

    /// <summary>How many keys other master keys than the first have encrypted.</summary>
    public async Task<List<(string MasterKey, long Count)>> CountOutdatedAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CountByMasterKey, connection) { Parameters = { new() { Value = masterKeys.CurrentId! } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new List<(string, long)>();
        while (await row.ReadAsync(cancellationToken))
        {
            counts.Add((row.GetString(0), row.GetInt64(1)));
        }

        return counts;
    }

    /// <summary>Encrypts some keys with the first master key instead of one of these.</summary>
    /// <returns>How many; 0 when there are no more.</returns>
    public async Task<int> RewrapAsync(List<string> outdated, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var keys = await FindOutdatedAsync(outdated, cancellationToken);
        if (keys.Count > 0)
        {
            await WriteAsync(keys.ConvertAll(key => masterKeys.Wrap(masterKeys.Unwrap(key))), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return keys.Count;
    }

    /// <summary>Tells the audit that the keys were encrypted anew.</summary>
    public async Task AuditAsync(long done, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Audit, connection);
        command.Parameters.Add(new() { Value = OperationAction.RewrapDataKeys.ToText() });
        command.Parameters.Add(new() { Value = masterKeys.CurrentId!, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = done });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<WrappedDataKey>> FindOutdatedAsync(List<string> outdated, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Outdated, connection);
        command.Parameters.Add(new() { Value = masterKeys.CurrentId! });
        command.Parameters.Add(new() { Value = outdated });
        command.Parameters.Add(new() { Value = PageSize });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<WrappedDataKey>();
        while (await row.ReadAsync(cancellationToken))
        {
            keys.Add(new WrappedDataKey(row.GetGuid(0), row.GetString(1), row.GetFieldValue<byte[]>(2)));
        }

        return keys;
    }

    private async Task WriteAsync(List<WrappedDataKey> keys, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Rewrap, connection);
        command.Parameters.Add(new() { Value = keys.ConvertAll(key => key.Id) });
        command.Parameters.Add(new() { Value = keys.ConvertAll(key => key.MasterKeyId) });
        command.Parameters.Add(new() { Value = keys.ConvertAll(key => key.Content) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
