using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CrmMail.Benchmarks.Suite;

namespace CrmMail.Benchmarks.Load;

/// <summary>A signed webhook as bytes of HTTP/1.1.</summary>
internal static class WebhookBytes
{
    private const string BeforeEventId =
        "POST /webhooks/emailengine HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-EE-Wh-Event-Id: ";

    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(BenchServers.WebhookSecret);

    public static byte[] Of(Guid eventId, ReadOnlySpan<byte> body)
    {
        var signature = Base64Url.EncodeToString(HMACSHA256.HashData(Secret, body));
        var head = Encoding.ASCII.GetBytes($"{BeforeEventId}{eventId}\r\nX-EE-Wh-Signature: {signature}\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. head, .. body];
    }

    /// <summary>Makes the webhook another event with the same body.</summary>
    public static void ChangeEventId(Span<byte> webhook, Guid eventId) => eventId.TryFormat(webhook[BeforeEventId.Length..], out _);
}
