using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace MailParseSimulator.Webhooks;

/// <summary>One attempt: a POST, signed with its time. Anything but 2xx within 30 seconds is a failure; redirects are not followed.</summary>
internal sealed class WebhookSender(IOptions<SimulatorOptions> options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = AnswerTimeout };

    /// <summary>Whether the receiver took it.</summary>
    public async Task<bool> TrySendAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(webhook);
            using var response = await _client.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Lower-case hex of HMAC-SHA256 over <c>{timestamp}.{body}</c>.</summary>
    public static string Sign(string timestamp, byte[] body, string secret)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp), (byte)'.', .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(Webhook webhook)
    {
        var url = $"{options.Value.WebhookUrl!.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(webhook.Inbox)}";
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(webhook.Payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", Sign(timestamp, webhook.Payload, options.Value.Secret));
        return request;
    }
}
