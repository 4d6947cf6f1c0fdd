using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Settings;

namespace EmailEngineSimulator.Webhooks;

/// <summary>One attempt: a signed POST. Anything but 2xx within 30 seconds is a failure; redirects are not followed.</summary>
internal sealed class WebhookSender(EngineSettings settings, ApiDescription api, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<WebhookAttempt> SendAsync(Webhook webhook, int attemptsMade, string url, Account? account, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        using var timeout = new CancellationTokenSource(AnswerTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = Request(webhook, attemptsMade, url, account);
            using var response = await _client.SendAsync(request, linked.Token);
            var error = response.IsSuccessStatusCode ? null : $"Invalid response: {(int)response.StatusCode} {response.ReasonPhrase}";
            return new WebhookAttempt(started, url, (int)response.StatusCode, error);
        }
        catch (HttpRequestException exception)
        {
            return new WebhookAttempt(started, url, null, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookAttempt(started, url, null, "no answer within 30 s");
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(Webhook webhook, int attemptsMade, string url, Account? account)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(webhook.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", $"emailengine-app/{api.Version} (+https://emailengine.app/)");
        headers.TryAddWithoutValidation("X-EE-Wh-Id", webhook.Id.ToString(CultureInfo.InvariantCulture));
        headers.TryAddWithoutValidation("X-EE-Wh-Attempts-Made", attemptsMade.ToString(CultureInfo.InvariantCulture));
        headers.TryAddWithoutValidation("X-EE-Wh-Queued-Time", QueuedSeconds(webhook));
        foreach (var header in settings.WebhooksCustomHeaders.Concat(account?.WebhooksCustomHeaders ?? []))
        {
            headers.TryAddWithoutValidation(header.Key, header.Value ?? "");
        }

        headers.TryAddWithoutValidation("X-EE-Wh-Event-Id", webhook.EventId);
        headers.TryAddWithoutValidation("X-EE-Wh-Signature", Sign(webhook.Body));
        return request;
    }

    private string QueuedSeconds(Webhook webhook)
    {
        var seconds = Math.Max(0, (time.GetUtcNow() - webhook.QueuedAt).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(seconds, MidpointRounding.AwayFromZero)}s");
    }

    private string Sign(byte[] body) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.ServiceSecret), body));
}
