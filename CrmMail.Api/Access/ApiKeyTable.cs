using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Access;

/// <summary>The table <c>api_keys</c>.</summary>
internal sealed class ApiKeyTable(NpgsqlDataSource database)
{
    private const string Columns = "encode(sha256, 'hex'), name, scopes, created_at";

    /// <summary>The key with this hash; null when it does not exist or was revoked.</summary>
    public async Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {Columns} from api_keys where sha256 = $1 and revoked_at is null");
        command.Parameters.Add(new() { Value = hash });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>The keys after this one, in the order of their ids.</summary>
    public async Task<List<ApiKey>> ListAsync(string? afterId, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select {Columns} from api_keys where revoked_at is null and sha256 > decode($1, 'hex') order by sha256 limit $2");
        command.Parameters.Add(new() { Value = afterId ?? "" });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<ApiKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(Read(reader));
        }

        return keys;
    }

    public async Task<ApiKey> AddAsync(byte[] hash, string name, IEnumerable<ApiScope> scopes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"insert into api_keys (sha256, name, scopes) values ($1, $2, $3) returning {Columns}");
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = scopes.Select(scope => scope.ToText()).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Read(reader);
    }

    /// <summary>Ends the key; false when there is none with this hash.</summary>
    public async Task<bool> RevokeAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("update api_keys set revoked_at = coalesce(revoked_at, now()) where sha256 = $1");
        command.Parameters.Add(new() { Value = hash });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static ApiKey Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), [.. row.GetFieldValue<string[]>(2).Select(StableText.Parse<ApiScope>)], row.GetFieldValue<DateTimeOffset>(3));
}
