using CrmMail.Contracts;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Bodies;

/// <summary>The key of the fingerprints, which outlives the master keys: a change of those changes no fingerprint.</summary>
internal sealed class FingerprintKey(MasterKeys masterKeys)
{
    private const string Find = "select id, master_key, wrapped from data_keys where contact_id is null";

    private readonly string _insert = SqlFile.Read("insert_fingerprint_key");

    /// <summary>Makes the key. Of several who do so at once, one waits for the other and takes that.</summary>
    public async Task<DataKey> CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await InsertAsync(connection, masterKeys.Wrap(DataKey.Create()), cancellationToken);
        return await ReadAsync(connection, cancellationToken);
    }

    private async Task InsertAsync(NpgsqlConnection connection, WrappedDataKey key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_insert, connection);
        command.Parameters.Add(new() { Value = key.Id });
        command.Parameters.Add(new() { Value = key.MasterKeyId });
        command.Parameters.Add(new() { Value = key.Content });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<DataKey> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return masterKeys.Unwrap(new WrappedDataKey(row.GetGuid(0), row.GetString(1), row.GetFieldValue<byte[]>(2)));
    }
}
