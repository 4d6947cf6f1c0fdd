using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>The table <c>erased_addresses</c>: by what erased people are known again.</summary>
internal sealed class Tombstones(AddressHashes hashes)
{
    // By the clock: the transaction may have waited, and what others did meanwhile was before.
    private const string Put = """
        insert into erased_addresses (hash, erasure_id, erased_at)
        select hash, $2, clock_timestamp()
        from unnest($1) as erased (hash)
        group by hash
        order by hash
        on conflict (hash) do update
        set erasure_id = excluded.erasure_id, erased_at = excluded.erased_at
        """;

    private const string Lift = "delete from erased_addresses where hash = any ($1)";

    private const string Find = "select hash from erased_addresses where hash = any ($1)";

    /// <summary>From here on the addresses are those of somebody who was erased.</summary>
    public Task PutAsync(NpgsqlConnection connection, Guid erasure, IEnumerable<string> addresses, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, Put, cancellationToken, new() { Value = addresses.SelectMany(address => hashes.Of(EmailAddress.Parse(address))).ToArray() }, new() { Value = erasure });

    /// <summary>Somebody has entered the addresses on purpose.</summary>
    public Task LiftAsync(NpgsqlConnection connection, IEnumerable<string> addresses, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, Lift, cancellationToken, new NpgsqlParameter { Value = addresses.SelectMany(address => hashes.AllOf(EmailAddress.Parse(address))).ToArray() });

    /// <summary>Those of the addresses that were erased.</summary>
    public async Task<HashSet<string>> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        // Several addresses may have a hash in common: those with a tag have that of the address without.
        var asked = addresses.SelectMany(address => hashes.AllOf(EmailAddress.Parse(address)), (address, hash) => (Address: address, Hash: hash)).ToList();
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = asked.Select(name => name.Hash).ToArray() } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add(Convert.ToHexString(row.GetFieldValue<byte[]>(0)));
        }

        return asked.Where(name => found.Contains(Convert.ToHexString(name.Hash))).Select(name => name.Address).ToHashSet(StringComparer.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
