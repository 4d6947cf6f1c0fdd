using System.Buffers.Binary;
using System.Net;
using System.Threading.RateLimiting;
using CrmMail.Ingest.Telemetry;
using CrmMail.Ingest.Webhooks;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace CrmMail.Ingest.Limits;

/// <summary>A token bucket per sender. It comes before the signature, whose check costs more than the refusal.</summary>
internal sealed class AddressRateLimit(IOptions<LimitOptions> limits, IngestMetrics metrics) : IRateLimiterPolicy<UInt128>
{
    public const string Policy = "webhooks-by-address";

    // ::ffff:0:0/96, the same number for an IPv4 address and its mapped form.
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    private readonly Func<UInt128, TokenBucketRateLimiterOptions> _newBucket = _ => new()
    {
        TokenLimit = limits.Value.RequestBurst,
        TokensPerPeriod = limits.Value.RequestsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    public Func<OnRejectedContext, CancellationToken, ValueTask> OnRejected => RejectAsync;

    public RateLimitPartition<UInt128> GetPartition(HttpContext httpContext) =>
        RateLimitPartition.GetTokenBucketLimiter(SenderOf(httpContext.Connection.RemoteIpAddress), _newBucket);

    /// <summary>The address as a number; of IPv6 only the first 64 bits, for every host has all addresses of such a network.</summary>
    internal static UInt128 SenderOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var written))
        {
            return UInt128.Zero;
        }

        if (written == 4)
        {
            return new UInt128(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        var host = address.IsIPv4MappedToIPv6 ? BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) : 0;
        return new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), host);
    }

    private ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        metrics.Answered(WebhookAnswer.RateLimited);
        return new ValueTask(WebhookAnswer.RateLimited.WriteAsync(rejected.HttpContext.Response));
    }
}
