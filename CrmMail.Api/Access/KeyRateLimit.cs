using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CrmMail.Api.Problems;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace CrmMail.Api.Access;

/// <summary>
/// A token bucket per API key. It comes before the key is looked up: as long as nobody has shown a valid one, an address has a small
/// bucket for all it tries, so that guessing keys neither succeeds nor loads the database.
/// </summary>
internal sealed class KeyRateLimit(ApiKeyStore keys, IOptions<AccessOptions> options) : IRateLimiterPolicy<string>
{
    public const string Policy = "by-key";

    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);

    public Func<OnRejectedContext, CancellationToken, ValueTask> OnRejected => static (rejected, _) =>
        new ValueTask(new Problem(ProblemKind.RateLimited) { RetryAfter = Refill }.ExecuteAsync(rejected.HttpContext));

    public RateLimitPartition<string> GetPartition(HttpContext httpContext)
    {
        var limits = options.Value;
        return BearerToken.Of(httpContext.Request) is { } token && keys.TryGetKnown(token, out var key)
            ? Bucket($"key {key.Id}", limits.RequestBurst, limits.RequestsPerSecond)
            : Bucket($"address {NetworkOf(httpContext.Connection.RemoteIpAddress)}", limits.UnknownRequestBurst, limits.UnknownRequestsPerSecond);
    }

    /// <summary>The address; of IPv6 its first 64 bits, for every host has all addresses of such a network.</summary>
    private static IPAddress? NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private static RateLimitPartition<string> Bucket(string name, int burst, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = Refill,
            QueueLimit = 0,
        });
}
