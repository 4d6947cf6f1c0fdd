using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local.Dashboard;

namespace Aspire.Hosting.Local;

/// <summary>Shows the runner to its dashboard.</summary>
internal sealed class DashboardFeed(ApplicationRunner runner) : IDashboardFeed
{
    private readonly IResource[] _shown =
        [.. runner.Resources.Where(resource => resource is not ParameterResource).OrderBy(DependencyOrder.Depth)];

    public IReadOnlyList<ResourceView> Resources => [.. _shown.Select(View)];

    public async IAsyncEnumerable<ResourceView> WatchResourcesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var resource in _shown)
        {
            yield return View(resource);
        }

        await foreach (var change in runner.Notifications.WatchAsync(ct).ConfigureAwait(false))
        {
            if (_shown.Contains(change.Resource))
            {
                yield return View(change.Resource);
            }
        }
    }

    public async IAsyncEnumerable<ConsoleLine> WatchLogsAsync(string resource, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var line in runner.Logs.WatchLinesAsync(resource, ct).ConfigureAwait(false))
        {
            yield return new(line.Number, line.Timestamp, line.IsError, line.Text);
        }
    }

    public async Task<CommandOutcome> ExecuteAsync(string resource, string command, CancellationToken ct)
    {
        var result = await runner.ExecuteAsync(resource, command, ct).ConfigureAwait(false);
        return new(result.Success, result.Message);
    }

    private ResourceView View(IResource resource)
    {
        var snapshot = runner.Notifications.TryGetCurrentState(resource.Name, out var known)
            ? known!.Snapshot
            : new() { ResourceType = ResourceKind.Of(resource), State = KnownResourceStates.NotStarted };
        var process = runner.Runners.FirstOrDefault(candidate => candidate.Resource == resource);
        return new(
            resource.Name,
            snapshot.ResourceType,
            (resource as IResourceWithParent)?.Parent.Name,
            snapshot.State?.Text ?? KnownResourceStates.NotStarted,
            snapshot.HealthStatus?.ToString() ?? "",
            snapshot.StartTimeStamp is { } started ? new DateTimeOffset(started, TimeSpan.Zero) : null,
            process is { Died: false } && snapshot.State?.Text == KnownResourceStates.Exited ? null : snapshot.ExitCode,
            snapshot.Reason,
            [.. snapshot.HealthReports.Select(report => new HealthView(report.Name, report.Status?.ToString() ?? "", report.Description))],
            Links(resource),
            [.. process?.Environment.Select(variable => new VariableView(variable.Name, variable.Value, variable.IsSecret)) ?? []],
            process is null ? [] : Commands(resource, snapshot));
    }

    private static LinkView[] Links(IResource resource) =>
        [.. resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.AllocatedEndpoint is not null).Select(endpoint => Link(resource, endpoint))];

    private static LinkView Link(IResource resource, EndpointAnnotation endpoint)
    {
        var url = new ResourceUrlAnnotation { Url = endpoint.AllocatedEndpoint!.UriString };
        foreach (var named in resource.Annotations.OfType<ResourceUrlCallbackAnnotation>().Where(named => named.EndpointName == endpoint.Name))
        {
            named.Callback(url);
        }

        return new(url.DisplayText ?? endpoint.Name, url.Url);
    }

    private static CommandView[] Commands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var isOver = snapshot.State is null || ResourceNotificationService.IsOver(snapshot);
        return
        [
            new(KnownResourceCommands.StartCommand, "Start", isOver, Highlighted: isOver, Confirmation: null),
            new(KnownResourceCommands.StopCommand, "Stop", !isOver, Highlighted: false, Confirmation: null),
            new(KnownResourceCommands.RestartCommand, "Restart", !isOver, Highlighted: false, Confirmation: null),
            .. resource.Annotations.OfType<ResourceCommandAnnotation>()
                .Select(command => (Command: command, State: command.StateIn(snapshot)))
                .Where(offered => offered.State != ResourceCommandState.Hidden)
                .Select(offered => View(offered.Command, offered.State == ResourceCommandState.Enabled)),
        ];
    }

    private static CommandView View(ResourceCommandAnnotation command, bool isEnabled) =>
        new(command.Name, command.DisplayName, isEnabled, command.Options.IsHighlighted, command.Options.ConfirmationMessage);
}
