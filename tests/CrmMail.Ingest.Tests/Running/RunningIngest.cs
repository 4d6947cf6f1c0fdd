using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Spill;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>Ingest as it is, on a free port of the real web server; only the broker and the store of large bodies are stand-ins.</summary>
internal sealed class RunningIngest : IAsyncDisposable
{
    /// <summary>With which EmailEngine signed the recordings.</summary>
    public const string Secret = "s3cr3t";

    private readonly WebApplication _app;

    private RunningIngest(WebApplication app, Settings settings, ScriptedProducer producer, MemoryBodyStore store, LogLines logs)
    {
        _app = app;
        Settings = settings;
        (Producer, Store, Logs) = (producer, store, logs);
        Measured = new Measurements(app.Services);
        Address = new UriBuilder(app.Urls.Single()) { Host = "127.0.0.1" }.Uri;
        Client = new HttpClient { BaseAddress = Address };
    }

    public Settings Settings { get; }

    public ScriptedProducer Producer { get; }

    public MemoryBodyStore Store { get; }

    /// <summary>What was logged since the start.</summary>
    public LogLines Logs { get; }

    public Measurements Measured { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<RunningIngest> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(null, settings);

    /// <param name="configure">Further services and settings of the web server.</param>
    /// <param name="settings">Written over the usual ones; null takes one away.</param>
    public static async Task<RunningIngest> StartAsync(Action<WebApplicationBuilder>? configure, params (string Key, string? Value)[] settings)
    {
        var (producer, store, logs) = (new ScriptedProducer(), new MemoryBodyStore(), new LogLines());
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var changeable = new Settings();
        changeable.Change([("Webhooks:Secrets:0", Secret), .. settings]);
        ((IConfigurationBuilder)builder.Configuration).Add(changeable);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
        builder.AddIngest();
        builder.Services.AddSingleton<IEventProducer>(producer);
        builder.Services.AddSingleton<ISpilledBodyStore>(store);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapIngest();
        await app.StartAsync(TestContext.Current.CancellationToken);
        logs.Clear();
        return new RunningIngest(app, changeable, producer, store, logs);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
            return await Answer.ReadAsync(response);
        }
    }

    public Task<Answer> SendAsync(Webhook webhook, string path = Webhook.Path, params (string Name, string Value)[] headers)
    {
        var request = webhook.ToRequest(path);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return SendAsync(request);
    }

    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Measured.Dispose();
        await _app.DisposeAsync();
    }
}
