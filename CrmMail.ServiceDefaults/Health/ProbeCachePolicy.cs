using Microsoft.AspNetCore.OutputCaching;

namespace CrmMail.ServiceDefaults.Health;

/// <summary>Runs the checks at most once in a time, however many probe, and whatever their query says.</summary>
/// <remarks>Bad answers too, which the default policy does not keep: when a server is down is when everybody asks.</remarks>
internal sealed class ProbeCachePolicy(TimeSpan expireAfter) : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.EnableOutputCaching = true;
        context.AllowCacheLookup = true;
        context.AllowCacheStorage = true;
        context.AllowLocking = true;
        context.CacheVaryByRules.VaryByHost = false;
        context.ResponseExpirationTimeSpan = expireAfter;
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
}
