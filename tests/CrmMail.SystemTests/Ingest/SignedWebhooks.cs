using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.SystemTests.Ingest;

/// <summary>Sends webhooks as one EmailEngine instance does.</summary>
internal sealed class SignedWebhooks(HttpClient ingest, string path, string secret) : IDisposable
{
    public SignedWebhooks(RunningApplication system, string path, string secret)
        : this(system.Application.CreateHttpClient("ingest", "http"), path, secret)
    {
    }

    public async Task<HttpResponseMessage> SendAsync(byte[] body, string eventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-EE-Wh-Event-Id", eventId);
        request.Headers.Add("X-EE-Wh-Signature", Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        return await ingest.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> StatusAsync(byte[] body, string eventId)
    {
        using var answer = await SendAsync(body, eventId);
        return answer.StatusCode;
    }

    public void Dispose() => ingest.Dispose();
}
