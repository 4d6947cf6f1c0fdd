using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states that a resource goes through.</summary>
public static class KnownResourceStates
{
    /// <summary>Nobody asked for it yet.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>Other resources have to be there first.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Its process is being started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Its process runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Its process was asked to end.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Its process ended.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>Its process did its work and ended.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>Its process could not be started.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>The states from which only a start leads out.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>A state, and how it should look.</summary>
/// <param name="Text">One of <see cref="KnownResourceStates" />, as a rule.</param>
/// <param name="Style">How it should look; null for the state's own look.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state with its own look.</summary>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}

/// <summary>What a health check said last.</summary>
/// <param name="Name">Name of the health check.</param>
/// <param name="Status">Its answer; null until it was asked.</param>
/// <param name="Description">Its words.</param>
/// <param name="ExceptionText">What it failed with.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText);

/// <summary>A resource as it is at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Kind of the resource, for people.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Its state; null before the application starts.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>How its process ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When its process started (UTC).</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When its process ended (UTC).</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Its health checks.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>The worst of its health checks; healthy when it has none; null unless it runs.</summary>
    public HealthStatus? HealthStatus =>
        State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

    /// <summary>Whether what has to follow its first good health, such as creating its databases, was done.</summary>
    internal bool IsReady { get; init; }

    /// <summary>Why it is in its state, for people.</summary>
    internal string? Reason { get; init; }
}

/// <summary>A change of a resource.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">Its id; in local mode its name.</param>
/// <param name="snapshot">What it is now.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Its id.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What it is now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
