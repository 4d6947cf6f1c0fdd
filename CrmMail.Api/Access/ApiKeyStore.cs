using System.Diagnostics.CodeAnalysis;
using CrmMail.Contracts;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Api.Access;

/// <summary>Finds API keys by their hash, and remembers for a moment those that exist.</summary>
internal sealed class ApiKeyStore(NpgsqlDataSource database, IMemoryCache cache, IOptions<AccessOptions> options)
{
    /// <summary>The key, if it was used a moment ago. Asks nobody.</summary>
    public bool TryGetKnown(string key, [NotNullWhen(true)] out ApiKey? known) => cache.TryGetValue(CacheKeyOf(ApiKeyHash.Of(key)), out known);

    /// <summary>The key; null when it does not exist or was revoked.</summary>
    public async ValueTask<ApiKey?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = ApiKeyHash.Of(key);
        if (cache.TryGetValue(CacheKeyOf(hash), out ApiKey? known))
        {
            return known;
        }

        var found = await ReadAsync(hash, cancellationToken);
        if (found is not null && options.Value.KeysKeptFor > TimeSpan.Zero)
        {
            cache.Set(CacheKeyOf(hash), found, options.Value.KeysKeptFor);
        }

        return found;
    }

    private static (string, string) CacheKeyOf(byte[] hash) => (nameof(ApiKeyStore), Convert.ToHexStringLower(hash));

    private async Task<ApiKey?> ReadAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select name, scopes from api_keys where sha256 = $1 and revoked_at is null");
        command.Parameters.Add(new() { Value = hash });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new ApiKey(reader.GetString(0), reader.GetFieldValue<string[]>(1)) : null;
    }
}
