using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Local;

/// <summary>A run from a terminal: shows what happens, says where everything is, and stops all in order when asked to.</summary>
internal sealed class ConsoleRun(ApplicationRunner runner)
{
    private const int DashboardPort = 15100;

    private readonly ConsoleWriter _console = new([.. runner.Runners.Select(resource => resource.Resource.Name)]);
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <returns>When the run was stopped and every process is gone.</returns>
    public static async Task RunAsync(DistributedApplication application, CancellationToken cancellationToken)
    {
        var run = new ConsoleRun(application.Runner);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, RequestStop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, RequestStop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, RequestStop);
        await run.RunUntilAsync(application, stop.Token).ConfigureAwait(false);

        void RequestStop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private async Task RunUntilAsync(DistributedApplication application, CancellationToken stop)
    {
        runner.Deaths.Occurred += ShowDeath;
        File.Delete(runner.State.RunFile);
        PrivateFile.Write(runner.State.PidFile, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));

        await using var dashboard = new DashboardServer(
            new DashboardFeed(runner), runner.Name, DashboardPort, TimeProvider.System, application.Services.GetRequiredService<ILoggerFactory>());
        var dashboardUrl = (await dashboard.StartAsync(stop).ConfigureAwait(false)).ToString().TrimEnd('/');
        _console.Line($"dashboard: {dashboardUrl}");
        var watching = Task.WhenAll([ShowHealthAsync(stop), .. runner.Runners.Select(resource => ShowConsoleAsync(resource.Resource.Name, stop))]);
        try
        {
            await application.StartAsync(stop).ConfigureAwait(false);
            ShowMovedEndpoints();
            await AnnounceWhenHealthyAsync(dashboardUrl, stop).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            _console.Line("stopping ...");
        }

        await watching.ConfigureAwait(false);
        await application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        File.Delete(runner.State.RunFile);
        File.Delete(runner.State.PidFile);
        _console.Line(runner.Deaths.Any ? "stopped; a resource had died, see above" : "stopped");
        Environment.ExitCode = runner.Deaths.Any ? 1 : 0;
    }

    private async Task AnnounceWhenHealthyAsync(string dashboard, CancellationToken stop)
    {
        foreach (var resource in runner.Runners)
        {
            await runner.Notifications.WaitForResourceAsync(
                resource.Resource.Name,
                change => ResourceNotificationService.IsHealthyAndReady(change.Snapshot) || change.Snapshot.State?.Text == KnownResourceStates.Finished,
                stop).ConfigureAwait(false);
        }

        var run = await RunFile.CollectAsync(runner.Resources, dashboard, stop).ConfigureAwait(false);
        RunFile.Write(runner.State.RunFile, run);
        _console.Line("");
        _console.Good(string.Create(CultureInfo.InvariantCulture, $"Everything is healthy after {Stopwatch.GetElapsedTime(_started).TotalSeconds:0.0} s."));
        _console.Line(NextSteps.Format(runner.State.Repository, run));
    }

    private async Task ShowHealthAsync(CancellationToken stop)
    {
        var shown = new Dictionary<string, string>();
        await foreach (var change in runner.Notifications.WatchAsync(stop).UntilCancelled(stop).ConfigureAwait(false))
        {
            var now = Describe(change.Snapshot);
            if (change.Resource is not (ProjectResource or ContainerResource) || shown.GetValueOrDefault(change.Resource.Name) == now)
            {
                continue;
            }

            shown[change.Resource.Name] = now;
            _console.Resource(change.Resource.Name, $"[{now}]");
        }
    }

    private async Task ShowConsoleAsync(string resource, CancellationToken stop)
    {
        await foreach (var line in runner.Logs.WatchLinesAsync(resource, stop).UntilCancelled(stop).ConfigureAwait(false))
        {
            _console.Resource(resource, line.Text);
        }
    }

    private void ShowMovedEndpoints()
    {
        foreach (var endpoint in runner.MovedEndpoints)
        {
            _console.Line($"port {endpoint.Port} is taken, using {endpoint.AllocatedEndpoint!.Port} instead");
        }
    }

    private void ShowDeath(Death death)
    {
        _console.Bad($"{death.Resource} {death.Reason}. Its last lines:");
        foreach (var line in death.LastLines)
        {
            _console.Bad($"  {line.Text}");
        }

        _console.Bad($"Nothing restarts by itself: mend the cause, then press start on the dashboard, or Ctrl-C to stop all.");
    }

    private static string Describe(CustomResourceSnapshot snapshot) => snapshot switch
    {
        _ when ResourceNotificationService.IsHealthyAndReady(snapshot) => "healthy",
        { State.Text: var state } when state == KnownResourceStates.Running => $"running{Unhealthy(snapshot)}",
        { Reason: { } reason } => $"{snapshot.State?.Text.ToLowerInvariant()}: {reason}",
        _ => snapshot.State?.Text.ToLowerInvariant() ?? "",
    };

    private static string Unhealthy(CustomResourceSnapshot snapshot) => snapshot.IsReady ? ", unhealthy" : "";
}
