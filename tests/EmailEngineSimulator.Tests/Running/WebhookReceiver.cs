using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EmailEngineSimulator.Tests.Running;

/// <summary>Receives webhooks, keeps them, and answers as it is told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly WebApplication _app;
    private readonly List<ReceivedWebhook> _received = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>The status of the answer to a webhook, given how often the event came before; 200 if not set.</summary>
    public Func<ReceivedWebhook, int, int> Answer { get; set; } = (_, _) => StatusCodes.Status200OK;

    /// <summary>No answer is given before this is done.</summary>
    public Task Patience { get; set; } = Task.CompletedTask;

    public string Url => _app.Urls.First() + "/webhooks";

    public IReadOnlyList<ReceivedWebhook> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits for the given number of webhooks of an account and event, and returns the last of them.</summary>
    public async Task<ReceivedWebhook> WaitForAsync(string account, string eventName, int count = 1)
    {
        var found = await WaitUntilAsync(
            all => all.Where(webhook => webhook.Account == account && webhook.Event == eventName).Take(count).ToList(),
            matching => matching.Count == count,
            $"{count} x {eventName} of {account}");
        return found[^1];
    }

    /// <summary>Waits until something holds of what was received.</summary>
    public async Task<T> WaitUntilAsync<T>(Func<IReadOnlyList<ReceivedWebhook>, T> select, Func<T, bool> holds, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                arrived = _arrived.Task;
            }

            var selected = select(All);
            if (holds(selected))
            {
                return selected;
            }

            try
            {
                await arrived.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited {Deadline.TotalSeconds} s for {what}. Received: {string.Join(", ", All.Select(webhook => $"{webhook.Account}/{webhook.Event}"))}");
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        var webhook = new ReceivedWebhook(context.Request.Path.Value!, headers, body.ToArray());
        lock (_gate)
        {
            context.Response.StatusCode = Answer(webhook, _received.Count(earlier => earlier.EventId == webhook.EventId));
            if (context.Response.StatusCode is >= 300 and < 400)
            {
                context.Response.Headers.Location = "/elsewhere";
            }

            _received.Add(webhook);
            var arrived = _arrived;
            _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            arrived.SetResult();
        }

        await Patience.WaitAsync(context.RequestAborted);
    }
}

/// <param name="Path">Path of the URL.</param>
/// <param name="Headers">By lower-case name.</param>
/// <param name="Raw">The body as it came.</param>
internal sealed record ReceivedWebhook(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Raw)
{
    public JsonObject Body { get; } = Parse(Raw);

    public string Account => (string?)Body["account"] ?? "";

    public string Event => (string?)Body["event"] ?? "";

    public JsonObject Data => Body["data"]!.AsObject();

    public string EventId => Headers.GetValueOrDefault("x-ee-wh-event-id", "");

    private static JsonObject Parse(byte[] raw)
    {
        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(raw))!.AsObject();
        }
        catch (System.Text.Json.JsonException)
        {
            return [];
        }
    }
}
