using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>Serves the dashboard on a loopback port of its own, next to the runner and independent of its configuration.</summary>
/// <param name="feed">The runner.</param>
/// <param name="application">Name shown on the page.</param>
/// <param name="preferredPort">Port to listen on if it is free; otherwise, and for 0, any free port.</param>
/// <param name="time">Tells when the runner started.</param>
/// <param name="loggers">Where errors go; nothing less severe than a warning is logged.</param>
internal sealed class DashboardServer(IDashboardFeed feed, string application, int preferredPort, TimeProvider time, ILoggerFactory loggers)
    : IAsyncDisposable
{
    // Streams end by themselves; this is for a client that does not read what it asked for.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMilliseconds(500);

    private WebApplication? _app;

    /// <summary>Starts listening.</summary>
    /// <returns>Address of the page.</returns>
    public async Task<Uri> StartAsync(CancellationToken ct)
    {
        try
        {
            _app = await StartAsync(preferredPort, ct);
        }
        catch (IOException taken) when (preferredPort != 0 && taken.InnerException is AddressInUseException)
        {
            _app = await StartAsync(0, ct);
        }

        return new Uri(_app.Urls.Single());
    }

    /// <summary>Ends open streams and stops listening, within a second.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
    }

    private async Task<WebApplication> StartAsync(int port, CancellationToken ct)
    {
        var app = Build(port);
        try
        {
            await app.StartAsync(ct);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private WebApplication Build(int port)
    {
        // The empty builder reads no environment and no files: ASPNETCORE_URLS and appsettings.json are the AppHost's, not the dashboard's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });

        builder.Services.AddRoutingCore();
        builder.Services.AddProblemDetails();
        builder.Services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, DashboardJson.Default));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton<IHostLifetime, RunnerLifetime>();
        builder.Services.AddSingleton(feed);
        builder.Services.AddSingleton(new RunnerView(application, Guid.NewGuid().ToString("n"), time.GetUtcNow(), DashboardAsset.Version));

        // A start that fails is an exception of StartAsync; the host need not log it as well.
        builder.Logging.AddProvider(new RunnerLog(loggers)).SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapDashboard();
        return app;
    }

    /// <summary>The runner decides when the dashboard stops; a signal first stops the resources, and the page shows it.</summary>
    private sealed class RunnerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Hands the dashboard's log to the runner's.</summary>
    private sealed class RunnerLog(ILoggerFactory loggers) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

        public void Dispose()
        {
            // The factory is the runner's.
        }
    }
}
