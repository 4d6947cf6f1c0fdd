using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Local;

/// <summary>Runs the resources of an application as processes of this machine.</summary>
internal sealed class ApplicationRunner : IAsyncDisposable
{
    private readonly RunnerServices _services;
    private readonly bool _randomPorts;
    private readonly Dictionary<string, ResourceRunner> _runners;
    private readonly CancellationTokenSource _mirroring = new();
    private readonly List<Task> _mirrors = [];
    private bool _disposed;

    private ApplicationRunner(RunnerServices services, bool randomPorts, string name, Deaths deaths)
    {
        _services = services;
        _randomPorts = randomPorts;
        Name = name;
        Deaths = deaths;
        _runners = services.Resources
            .Where(resource => resource is ProjectResource or ContainerResource)
            .ToDictionary(resource => resource.Name, resource => new ResourceRunner(resource, services), StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<IResource> Resources => _services.Resources;

    public IReadOnlyCollection<ResourceRunner> Runners => _runners.Values;

    public ResourceNotificationService Notifications => _services.Notifications;

    public ResourceLoggerService Logs => _services.Logs;

    public LocalState State => _services.State;

    /// <summary>Name of the application.</summary>
    public string Name { get; }

    public Deaths Deaths { get; }

    /// <summary>The endpoints that could not have the port that they prefer.</summary>
    public IReadOnlyList<EndpointAnnotation> MovedEndpoints { get; private set; } = [];

    public static ApplicationRunner Create(IHost host, DistributedApplicationBuilder builder, DistributedApplicationOptions options)
    {
        var deaths = new Deaths();
        var services = new RunnerServices
        {
            ExecutionContext = builder.ExecutionContext,
            State = builder.State,
            HealthChecks = host.Services.GetRequiredService<HealthCheckService>(),
            Provider = host.Services,
            Resources = [.. builder.Resources],
            WaitBehavior = options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable,
            Time = TimeProvider.System,
            Logs = host.Services.GetRequiredService<ResourceLoggerService>(),
            OnDeath = deaths.Report,
        };
        return new(services, builder.Configuration.GetValue<bool>("DcpPublisher:RandomizePorts"), builder.Environment.ApplicationName, deaths);
    }

    /// <summary>Gives every endpoint its address and asks every resource to start.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        MovedEndpoints = PortAllocator.Allocate(Resources, _randomPorts);
        foreach (var resource in Resources)
        {
            if (resource is IResourceWithParent child)
            {
                _mirrors.Add(MirrorAsync(child, _mirroring.Token));
            }
            else if (!_runners.ContainsKey(resource.Name))
            {
                _services.Publish(resource, snapshot => snapshot with { State = KnownResourceStates.Running, IsReady = true });
            }
        }

        foreach (var runner in _runners.Values)
        {
            await runner.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops the resources, each one before those that it waited for.</summary>
    public async Task StopAsync()
    {
        foreach (var level in _runners.Values.GroupBy(runner => DependencyOrder.Depth(runner.Resource)).OrderByDescending(level => level.Key))
        {
            await Task.WhenAll(level.Select(runner => runner.StopAsync(CancellationToken.None))).ConfigureAwait(false);
        }

        await _mirroring.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_mirrors).ConfigureAwait(false);
    }

    public async Task<ExecuteCommandResult> ExecuteAsync(string resourceName, string commandName, CancellationToken cancellationToken)
    {
        if (!_runners.TryGetValue(resourceName, out var runner))
        {
            return CommandResults.Failure($"There is no resource '{resourceName}' with a process of its own.");
        }

        return commandName switch
        {
            _ when commandName == KnownResourceCommands.StartCommand => await runner.StartAsync(cancellationToken).ConfigureAwait(false),
            _ when commandName == KnownResourceCommands.StopCommand => await runner.StopAsync(cancellationToken).ConfigureAwait(false),
            _ when commandName == KnownResourceCommands.RestartCommand => await runner.RestartAsync(cancellationToken).ConfigureAwait(false),
            _ when CommandOf(runner.Resource, commandName) is { } command => await ExecuteAsync(runner.Resource, command, cancellationToken).ConfigureAwait(false),
            _ => CommandResults.Failure($"'{resourceName}' has no command '{commandName}'."),
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopAsync().ConfigureAwait(false);
        foreach (var runner in _runners.Values)
        {
            await runner.DisposeAsync().ConfigureAwait(false);
        }

        _mirroring.Dispose();
        State.DeleteIfTemporary();
    }

    /// <summary>What it does is told on the resource's console, and an error of its own is how it ended.</summary>
    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, ResourceCommandAnnotation command, CancellationToken cancellationToken)
    {
        try
        {
            var context = new ExecuteCommandContext { ResourceName = resource.Name, CancellationToken = cancellationToken, Services = _services.Provider };
            var result = await command.ExecuteCommand(context).ConfigureAwait(false);
            Logs.Write(resource.Name, $"{command.DisplayName}: {result.Message ?? (result.Success ? "done" : "failed")}", isError: !result.Success);
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Logs.Write(resource.Name, $"{command.DisplayName}: {exception}", isError: true);
            return CommandResults.Failure(exception);
        }
    }

    private static ResourceCommandAnnotation? CommandOf(IResource resource, string name) =>
        resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(command => command.Name == name);

    /// <summary>A database has no process: it is what its server is.</summary>
    private async Task MirrorAsync(IResourceWithParent child, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in Notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (change.Resource == child.Parent)
                {
                    var parent = change.Snapshot;
                    _services.Publish(child, snapshot => snapshot with
                    {
                        State = parent.State,
                        StartTimeStamp = parent.StartTimeStamp,
                        HealthReports = parent.HealthReports,
                        IsReady = parent.IsReady,
                        Reason = parent.Reason,
                    });
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }
}
