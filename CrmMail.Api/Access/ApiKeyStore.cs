using System.Diagnostics.CodeAnalysis;
using CrmMail.Contracts;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Access;

/// <summary>Finds API keys by their hash, and remembers for a moment those that exist.</summary>
internal sealed class ApiKeyStore(ApiKeyTable table, IMemoryCache cache, IOptions<AccessOptions> options)
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

        var found = await table.FindAsync(hash, cancellationToken);
        if (found is not null)
        {
            cache.Set(CacheKeyOf(hash), found, options.Value.KeysKeptFor);
        }

        return found;
    }

    /// <summary>Ends the key: here at once, in other instances when they look it up again. False when there is none with this hash.</summary>
    public async Task<bool> RevokeAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var existed = await table.RevokeAsync(hash, cancellationToken);
        cache.Remove(CacheKeyOf(hash));
        return existed;
    }

    private static (string, string) CacheKeyOf(byte[] hash) => (nameof(ApiKeyStore), Convert.ToHexStringLower(hash));
}
