using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace LocalMode.Tests.Runner;

/// <summary>An application whose resources are shell scripts, to see what the runner does with processes.</summary>
internal sealed class ShellApplication : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private DistributedApplication? _application;

    public DistributedApplicationBuilder Builder { get; } = new(new DistributedApplicationOptions
    {
        Args = ["--DcpPublisher:RandomizePorts=true"],
        ProjectDirectory = AppContext.BaseDirectory,
        DisableDashboard = true,
    });

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The application was not started.");

    public IResourceBuilder<ContainerResource> Add(string name, string script, Signal stopSignal = Signal.Terminate, TimeSpan? stopTimeout = null) =>
        Builder.AddResource(new ContainerResource(name)).WithAnnotation(new ProcessRecipeAnnotation((_, _) => Task.FromResult(
            new ProcessSpec("/bin/sh", ["-c", script]) { StopSignal = stopSignal, StopTimeout = stopTimeout ?? TimeSpan.FromSeconds(5) })));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _application = Builder.Build();
        await _application.StartAsync(cancellationToken);
    }

    public async Task<CustomResourceSnapshot> WaitAsync(string resource, Func<CustomResourceSnapshot, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var change = await Application.ResourceNotifications.WaitForResourceAsync(resource, candidate => condition(candidate.Snapshot), deadline.Token);
            return change.Snapshot;
        }
        catch (OperationCanceledException)
        {
            Application.ResourceNotifications.TryGetCurrentState(resource, out var last);
            throw new TimeoutException($"{resource} is {last?.Snapshot}, its console says: {string.Join(" / ", Console(resource))}");
        }
    }

    public Task<CustomResourceSnapshot> WaitForStateAsync(string resource, string state) => WaitAsync(resource, snapshot => snapshot.State?.Text == state);

    /// <summary>Waits until a line is on a resource's console.</summary>
    public async Task<string> WaitForLineAsync(string resource, Func<string, bool> wanted)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await foreach (var line in Application.Runner.Logs.WatchLinesAsync(resource, deadline.Token).UntilCancelled(deadline.Token))
        {
            if (wanted(line.Text))
            {
                return line.Text;
            }
        }

        throw new TimeoutException($"{resource} has not written what was waited for: {string.Join(" / ", Console(resource))}");
    }

    public IEnumerable<string> Console(string resource) => Application.Runner.Logs.LastLines(resource, 50).Select(line => line.Text);

    public Task<ExecuteCommandResult> ExecuteAsync(string resource, string command) =>
        Application.ResourceCommands.ExecuteCommandAsync(resource, command, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }
}
