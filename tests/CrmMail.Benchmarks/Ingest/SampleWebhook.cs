using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Benchmarks.Ingest;

/// <summary>A messageNew of a given size, and its signature.</summary>
internal sealed class SampleWebhook
{
    private const string Start =
        """
        {"serviceUrl":"http://127.0.0.1:3100","account":"amy","date":"2026-11-21T21:00:18.669Z","path":"INBOX","specialUse":"\\Inbox","event":"messageNew","data":{"id":"AAAAAQAAAAE","uid":1,"path":"INBOX","date":"2026-11-21T21:00:14.000Z","flags":[],"unseen":true,"size":264,"subject":"Pricing question","from":{"name":"Bob Buyer","address":"bob@example.org"},"to":[{"name":"","address":"amy@example.com"}],"messageId":"<in-1@example.org>","text":{"plain":"
        """;

    private const string End = "\"}}}";

    public SampleWebhook(int size, string secret)
    {
        var body = new StringBuilder(size).Append(Start);
        while (body.Length + End.Length < size)
        {
            body.Append("How much is it, and when can you deliver? ", 0, Math.Min(42, size - End.Length - body.Length));
        }

        Body = Encoding.UTF8.GetBytes(body.Append(End).ToString());
        Signature = Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Body));
    }

    public byte[] Body { get; }

    public string Signature { get; }
}
