using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Ingest.Tests.MailParse;

/// <summary>A webhook as MailParse sends it.</summary>
internal sealed record MailParseWebhook(byte[] Body, string? Timestamp, string? Signature)
{
    public const string Path = "/webhooks/mailparse/team";

    public const string Secret = "the-mailparse-secret-of-the-tests";

    public const string Mail = """{"message_id":"<1@example.org>","envelope":{"from":{"email":"bob@example.org","name":"Bob"}},"subject":"Hello"}""";

    /// <summary>The setting that makes <see cref="Secret"/> a good one.</summary>
    public static (string Key, string? Value) Setting { get; } = ("Webhooks:MailParse:Secrets:0", Secret);

    public static MailParseWebhook Signed(string body = Mail, string secret = Secret, TimeSpan age = default) =>
        Signed(Encoding.UTF8.GetBytes(body), secret, age);

    public static MailParseWebhook Signed(byte[] body, string secret = Secret, TimeSpan age = default)
    {
        var timestamp = (DateTimeOffset.UtcNow - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new MailParseWebhook(body, timestamp, Sign(timestamp, body, secret));
    }

    /// <summary>Lower-case hex of HMAC-SHA256 over time, dot and body.</summary>
    public static string Sign(string timestamp, byte[] body, string secret = Secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp), (byte)'.', .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }

    public HttpRequestMessage ToRequest(string path = Path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Body) };
        Add(request, "X-Timestamp", Timestamp);
        Add(request, "X-Signature", Signature);
        return request;
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
