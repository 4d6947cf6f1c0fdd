using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EmailEngineSimulator.Tests.Running;

/// <summary>The simulator in this process, on a free port, with a receiver for its webhooks.</summary>
internal sealed class RunningSimulator : IAsyncDisposable
{
    public const string ServiceSecret = "s3cr3t";
    private readonly WebApplication _app;
    private int _lastAccount;

    private RunningSimulator(WebApplication app, WebhookReceiver receiver)
    {
        _app = app;
        Receiver = receiver;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        Anybody = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()) };
        Api = new HttpClient(handler, disposeHandler: false) { BaseAddress = Anybody.BaseAddress };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestToken.Bearer);
    }

    public WebhookReceiver Receiver { get; }

    /// <summary>A client with the token.</summary>
    public HttpClient Api { get; }

    /// <summary>A client without.</summary>
    public HttpClient Anybody { get; }

    public T Service<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="time">The clock; the system's if null, and then everything that waits is fast.</param>
    /// <param name="settings">Written over the usual settings; null takes one away.</param>
    public static async Task<RunningSimulator> StartAsync(TimeProvider? time = null, JsonObject? settings = null)
    {
        var receiver = await WebhookReceiver.StartAsync();
        var app = Build(new Dictionary<string, string?>
        {
            ["EENGINE_PORT"] = "0",
            ["EENGINE_PREPARED_TOKEN"] = TestToken.Prepared,
            ["EENGINE_SETTINGS"] = Settings(receiver, settings).ToJsonString(),
            ["SIMULATOR_SPEEDUP"] = time is null ? "1000" : "1",
        }, time);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningSimulator(app, receiver);
    }

    public static WebApplication Build(Dictionary<string, string?> environment, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(environment);
        builder.AddEmailEngine();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        var app = builder.Build();
        app.MapEmailEngine();
        return app;
    }

    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Anybody.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <summary>Calls the API and expects success.</summary>
    public async Task<JsonObject> CallAsync(string method, string path, JsonNode? body = null) =>
        (await SendAsync(method, path, body)).Expect(200);

    public async Task<Answer> SendAsync(string method, string path, JsonNode? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await Api.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    /// <summary>An id that no other test uses.</summary>
    public string NewAccountId() => $"account-{Interlocked.Increment(ref _lastAccount)}";

    /// <summary>Registers an account and waits until it is connected and has said so.</summary>
    public async Task AddAccountAsync(string account, string? email = null, JsonObject? further = null)
    {
        await CallAsync("POST", "/v1/account", Requests.Account(account, email ?? $"{account}@example.com", further));
        await Receiver.WaitForAsync(account, "accountInitialized");
    }

    /// <summary>Lets a mail arrive and returns its id.</summary>
    public async Task<string> DeliverAsync(string account, JsonNode mail)
    {
        var placed = await CallAsync("POST", $"/simulator/mailboxes/{account}/messages", mail);
        return placed["id"]!.GetValue<string>();
    }

    private static JsonObject Settings(WebhookReceiver receiver, JsonObject? further)
    {
        var settings = new JsonObject
        {
            ["webhooks"] = receiver.Url,
            ["webhooksEnabled"] = true,
            ["webhookEvents"] = new JsonArray("*"),
            ["serviceSecret"] = ServiceSecret,
            ["serviceUrl"] = "http://127.0.0.1:3100",
            ["notifyHeaders"] = new JsonArray("message-id", "in-reply-to", "references", "auto-submitted", "precedence", "list-id", "list-unsubscribe"),
            ["notifyText"] = true,
            ["notifyTextSize"] = 65536,
        };
        foreach (var (key, value) in further ?? [])
        {
            settings.Remove(key);
            if (value is not null)
            {
                settings[key] = value.DeepClone();
            }
        }

        return settings;
    }
}

/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON; null if there is none.</param>
internal sealed record Answer(int Status, JsonNode? Body)
{
    public JsonObject Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body?.ToJsonString()}");
        return Body as JsonObject ?? [];
    }

    public string ErrorText => Body is JsonObject body ? string.Join("; ", body["fields"]?.AsArray().Select(refused => (string)refused!["message"]!) ?? [(string)body["message"]!]) : "";
}
