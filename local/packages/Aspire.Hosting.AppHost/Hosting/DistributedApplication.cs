using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application whose resources run as processes of this machine.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly ApplicationRunner _runner;

    internal DistributedApplication(IHost host, DistributedApplicationBuilder builder, DistributedApplicationOptions options)
    {
        _host = host;
        _runner = ApplicationRunner.Create(host, builder, options);
        ResourceCommands = new(_runner);
    }

    /// <summary>Services of the AppHost.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The state of the resources.</summary>
    public ResourceNotificationService ResourceNotifications => _runner.Notifications;

    /// <summary>Executes commands of the resources.</summary>
    public ResourceCommandService ResourceCommands { get; }

    internal ApplicationRunner Runner => _runner;

    /// <summary>Starts an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Starts an application.</summary>
    /// <param name="args">Arguments of the command line.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Starts an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options)
    {
        EntryPointInterception.Current?.Configure(options);
        return new DistributedApplicationBuilder(options);
    }

    /// <summary>Runs the application until it is asked to stop (Ctrl-C, SIGTERM). The exit code is 1 when a resource died.</summary>
    // The signature is Aspire's: an AppHost ends with Build().Run().
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <inheritdoc cref="Run" />
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await ConsoleRun.RunAsync(this, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Starts every resource; returns once all have been asked to start.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _host.StartAsync(cancellationToken).ConfigureAwait(false);
        await _runner.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops every resource, those that others depend on last.</summary>
    public virtual async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _runner.StopAsync().ConfigureAwait(false);
        await _host.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public virtual void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync().ConfigureAwait(false);
        Dispose();
        GC.SuppressFinalize(this);
    }
}
