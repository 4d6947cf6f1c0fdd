using CrmMail.Contracts;

namespace CrmMail.Ingest.Limits;

/// <summary>What Ingest takes, and from whom: the section <c>Limits</c>. Read once, at the start.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>The most that <see cref="MaxInFlightRequests"/> can be.</summary>
    public const int MostInFlightRequests = 100_000;

    /// <summary>The most that <see cref="MaxInFlightBytes"/> can be.</summary>
    public const long MostInFlightBytes = 1024L * 1024 * 1024;

    /// <summary>
    /// The networks that may send webhooks, as addresses or in CIDR notation; empty, the default, is everybody.
    /// A second line of defence: the signature is the first.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>The proxies whose <c>X-Forwarded-For</c> is believed, as addresses or in CIDR notation; empty, the default, is none.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>The largest body in bytes; above it 413. Default 25 MiB: a refused event is lost for good once EmailEngine has given up.</summary>
    public int MaxBodyBytes { get; set; } = 25 * 1024 * 1024;

    /// <summary>The largest body in bytes that is put into a Kafka record; a larger one goes to PostgreSQL and the record names it. Default and most: 1 MiB.</summary>
    public int MaxRecordBodyBytes { get; set; } = MailTopics.MaxBodyBytes;

    /// <summary>Bytes of all bodies that are being received and not yet verified. Default 128 MiB.</summary>
    public long MaxReceivingBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>Verified webhooks that may wait for the broker at once. Default 10,000.</summary>
    public int MaxInFlightRequests { get; set; } = 10_000;

    /// <summary>Bytes of the bodies of those webhooks. Default 64 MiB.</summary>
    public long MaxInFlightBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Webhooks per second from one address (IPv6: one /64 network), lasting. Default 5,000.</summary>
    public int RequestsPerSecond { get; set; } = 5_000;

    /// <summary>Webhooks at once from one address after a pause. Default 10,000.</summary>
    public int RequestBurst { get; set; } = 10_000;

    /// <summary>Open connections; further ones are closed at once. Default 4,096.</summary>
    public int MaxConcurrentConnections { get; set; } = 4_096;

    /// <summary>How long a sender may take for a body. Default 20 seconds: EmailEngine itself waits for 30, and the broker may need 5 of them.</summary>
    public TimeSpan ReceiveTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
