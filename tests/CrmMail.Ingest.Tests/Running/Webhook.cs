using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>A webhook as EmailEngine sends it.</summary>
internal sealed record Webhook(byte[] Body, string? Signature)
{
    public const string SignatureHeader = "X-EE-Wh-Signature";

    public const string Path = "/webhooks/emailengine";

    private const string Start = "{\"account\":\"amy\",\"event\":\"messageNew\",\"data\":\"";
    private const string End = "\"}";

    /// <summary>A small event.</summary>
    public static Webhook Small { get; } = Signed("""{"account":"amy","event":"messageNew","data":{}}""");

    public static Webhook Signed(string body, string secret = RunningIngest.Secret) => Signed(Encoding.UTF8.GetBytes(body), secret);

    public static Webhook Signed(byte[] body, string secret = RunningIngest.Secret) => new(body, Sign(body, secret));

    /// <summary>An event of exactly this size in bytes.</summary>
    public static Webhook OfSize(int bytes) => Signed(Start + new string('x', bytes - Start.Length - End.Length) + End);

    /// <summary>base64url without padding of HMAC-SHA256 over the raw body.</summary>
    public static string Sign(byte[] body, string secret) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public HttpRequestMessage ToRequest(string path = Path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new("application/json");
        if (Signature is not null)
        {
            request.Headers.TryAddWithoutValidation(SignatureHeader, Signature);
        }

        return request;
    }
}
