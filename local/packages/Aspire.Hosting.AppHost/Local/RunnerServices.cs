using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local;

/// <summary>What the runners of the resources share.</summary>
internal sealed class RunnerServices
{
    public required DistributedApplicationExecutionContext ExecutionContext { get; init; }

    public required LocalState State { get; init; }

    public required HealthCheckService HealthChecks { get; init; }

    /// <summary>Services of the AppHost, for the commands of resources.</summary>
    public required IServiceProvider Provider { get; init; }

    public required IReadOnlyList<IResource> Resources { get; init; }

    /// <summary>With nobody at a dashboard who could start it again, a resource that is gone ends the waits for it.</summary>
    public required WaitBehavior WaitBehavior { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Told of every resource that ended without being asked to, with the reason and its last console lines.</summary>
    public required Action<ResourceRunner, string, IReadOnlyList<ConsoleEntry>> OnDeath { get; init; }

    public ResourceNotificationService Notifications { get; } = new();

    public required ResourceLoggerService Logs { get; init; }

    public void Publish(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        _ = Notifications.PublishUpdateAsync(resource, change);

    /// <summary>Whether the resource is meant to end: others wait for it to have done its work.</summary>
    public bool IsAwaitedToComplete(IResource resource) =>
        Resources.SelectMany(other => other.Annotations.OfType<WaitAnnotation>())
            .Any(wait => wait.WaitType == WaitType.WaitForCompletion && wait.Resource == resource);
}
