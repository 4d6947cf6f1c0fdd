using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.FaultTests.Load;

/// <summary>
/// Many mailboxes, each of which sends one webhook after another as EmailEngine does: again and again until Ingest has taken it. One in ten
/// is sent twice, and some are signed with another secret: Ingest must not take those.
/// </summary>
internal sealed class WebhookLoad : IAsyncDisposable
{
    private const int Accounts = 48;
    private const double Duplicates = 0.1;
    private const double Forged = 0.002;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(60);
    private static readonly byte[] ForgedSecret = Encoding.UTF8.GetBytes("a-guess");
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(MailSystem.WebhookSecret);

    private readonly HttpClient _ingest;
    private readonly Ledger _ledger;
    private readonly Stopwatch _watch;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _senders;
    private long _refusals;
    private long _forgeries;
    private string _lastRefusal = "none";

    public WebhookLoad(MailSystem system, Ledger ledger, FaultSettings settings, Stopwatch watch)
    {
        (_ledger, _watch) = (ledger, watch);
        _ingest = system.Application.CreateHttpClient(MailSystem.Ingest, "http");
        _ingest.Timeout = Patience;
        var pause = TimeSpan.FromSeconds((double)Accounts / settings.EventsPerSecond);
        _senders = Task.WhenAll(Enumerable.Range(0, Accounts).Select(n => SendAsync(n, settings.Seed, pause)));
    }

    /// <summary>Attempts that were answered with anything but 2xx, or not at all.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>Webhooks that were signed with another secret.</summary>
    public long Forgeries => Interlocked.Read(ref _forgeries);

    /// <summary>Ends the load; each mailbox first gets its last webhook through.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _senders.WaitAsync(EndDeadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Ingest does not take every mailbox's last webhook within {EndDeadline.TotalSeconds:0} s; its last answer was {_lastRefusal}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _ingest.Dispose();
        await Task.WhenAny(_senders);
        _end.Dispose();
    }

    private async Task SendAsync(int number, int seed, TimeSpan pause)
    {
        var account = string.Create(CultureInfo.InvariantCulture, $"box-{number}");
        var script = new MailboxScript(HashCode.Combine(seed, number), account);
        var random = new Random(seed + number);
        using var timer = new PeriodicTimer(pause);
        var earlier = new Queue<Webhook>();
        while (!_end.IsCancellationRequested)
        {
            var webhook = script.Next();
            if (random.NextDouble() < Forged)
            {
                await ForgeAsync(webhook);
            }

            await DeliverAsync(webhook);
            if (random.NextDouble() < Duplicates)
            {
                await DeliverAsync(random.Next(2) == 0 ? webhook : earlier.TryDequeue(out var old) ? old : webhook);
                earlier.Enqueue(webhook);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task DeliverAsync(Webhook webhook)
    {
        var body = Encoding.UTF8.GetBytes(webhook.Body);
        var signature = Sign(body, Secret);
        var entry = _ledger.Attempt(webhook);
        while (!IsTaken(webhook, await TryPostAsync(webhook.EventId, body, signature)))
        {
            Interlocked.Increment(ref _refusals);
            await Task.Delay(Again);
            _ledger.Attempt(webhook);
        }

        _ledger.Accept(entry, _watch.Elapsed);
    }

    /// <summary>An event with an id of its own, which nobody signed: it has to be in no table and in no topic.</summary>
    private async Task ForgeAsync(Webhook webhook)
    {
        Interlocked.Increment(ref _forgeries);
        var body = Encoding.UTF8.GetBytes(webhook.Body);
        if (await TryPostAsync($"forged-{webhook.EventId}", body, Sign(body, ForgedSecret)) is not (null or HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable) and var answer)
        {
            throw new InvalidOperationException($"Ingest answered {webhook.EventId} with {(int)answer}, which was signed with another secret.");
        }
    }

    private static string Sign(byte[] body, byte[] secret) => Base64Url.EncodeToString(HMACSHA256.HashData(secret, body));

    private static bool IsTaken(Webhook webhook, HttpStatusCode? answer) => answer switch
    {
        HttpStatusCode.Accepted => true,
        null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => false,
        var other => throw new InvalidOperationException($"Ingest answered {webhook.EventId} with {(int)other}: no outage is a reason for that."),
    };

    /// <returns>Null when nobody listens, or the connection broke, or the answer never came: the sender cannot know, and sends it again.</returns>
    private async Task<HttpStatusCode?> TryPostAsync(string eventId, byte[] body, string signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/emailengine") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-EE-Wh-Event-Id", eventId);
        request.Headers.Add("X-EE-Wh-Signature", signature);
        try
        {
            using var answer = await _ingest.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
            {
                _lastRefusal = await answer.Content.ReadAsStringAsync();
            }

            return answer.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            _lastRefusal = exception.Message;
            return null;
        }
    }
}
