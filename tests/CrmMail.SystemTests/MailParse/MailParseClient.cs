using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.SystemTests.MailParse;

/// <summary>What MailParse does to Ingest, and what a test tells the double of MailParse to do.</summary>
internal sealed class MailParseClient(RunningApplication system) : IDisposable
{
    private readonly HttpClient _ingest = system.Application.CreateHttpClient("ingest", "http");
    private readonly HttpClient _double = system.Application.CreateHttpClient("mailparse", "http");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where the double lists its mails.</summary>
    public Uri ListingUrl => new(_double.BaseAddress!, "v1");

    /// <summary>Sends a webhook by hand, signed at this time.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(string inbox, byte[] body, DateTimeOffset? signedAt = null)
    {
        var timestamp = (signedAt ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp), (byte)'.', .. body];
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/mailparse/{inbox}") { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(system.MailParseSecret), signed)));
        using var answer = await _ingest.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>A mail comes to the double.</summary>
    public Task DeliverAsync(string inbox, string messageId) =>
        DeliverAsync(inbox, new { message_id = messageId, envelope = new { from = new { email = "bob@example.org", name = "Bob" } }, subject = "Hello" });

    /// <inheritdoc cref="DeliverAsync(string, string)"/>
    /// <param name="inbox">The team address.</param>
    /// <param name="mail">The payload.</param>
    public async Task DeliverAsync(string inbox, object mail)
    {
        using var answer = await _double.PostAsJsonAsync($"/simulator/inboxes/{inbox}/messages", mail, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Changes what goes wrong on purpose.</summary>
    public async Task SwitchAsync(object change)
    {
        using var answer = await _double.PutAsJsonAsync("/simulator/switches", change, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _ingest.Dispose();
        _double.Dispose();
    }
}
