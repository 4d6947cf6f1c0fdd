namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>Registry; the engine's default when null.</summary>
    public string? Registry { get; set; }

    /// <summary>Name without registry and tag.</summary>
    public required string Image { get; set; }

    /// <summary>Tag.</summary>
    public string? Tag { get; set; }
}

/// <summary>What a mount brings into a container.</summary>
public enum ContainerMountType
{
    /// <summary>A folder of the host.</summary>
    BindMount,

    /// <summary>A named volume.</summary>
    Volume,
}

/// <summary>A folder that outlives the container. In local mode a volume is a folder under <c>local/.state/volumes</c>.</summary>
/// <param name="source">Name of the volume, or the host's folder.</param>
/// <param name="target">Where the process sees it.</param>
/// <param name="type">Volume or folder of the host.</param>
/// <param name="isReadOnly">Whether the process may write.</param>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>Name of the volume, or the host's folder.</summary>
    public string? Source { get; } = source;

    /// <summary>Where the process sees it.</summary>
    public string Target { get; } = target;

    /// <summary>Volume or folder of the host.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the process may write.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}

/// <summary>What a resource waits for in another one.</summary>
public enum WaitType
{
    /// <summary>Running, all health checks green, and ready.</summary>
    WaitUntilHealthy,

    /// <summary>Ended with the expected exit code.</summary>
    WaitForCompletion,
}

/// <summary>What becomes of a wait when the other resource cannot be had.</summary>
public enum WaitBehavior
{
    /// <summary>It goes on: somebody may start the other resource again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>It fails.</summary>
    StopOnResourceUnavailable,
}

/// <summary>A resource that has to be there first.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="waitType">What is waited for.</param>
/// <param name="exitCode">Expected exit code.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What is waited for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>Expected exit code.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>A health check of the application builder's services that speaks for a resource.</summary>
/// <param name="key">Name of the health check.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>Name of the health check.</summary>
    public string Key { get; } = key;
}

/// <summary>A link shown for a resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>Where it leads.</summary>
    public required string Url { get; set; }

    /// <summary>What it is called.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint it was made of.</summary>
    public EndpointReference? Endpoint { get; init; }
}

internal sealed record ResourceUrlCallbackAnnotation(string EndpointName, Action<ResourceUrlAnnotation> Callback) : IResourceAnnotation;

/// <summary>Sets environment variables of a resource when it starts.</summary>
/// <param name="callback">Fills in the variables.</param>
public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Fills in the variables.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What an environment callback may see and change.</summary>
/// <param name="executionContext">Whether the application runs or is published.</param>
/// <param name="resource">The resource that starts.</param>
/// <param name="environmentVariables">Its variables: text, or values that are asked for at the start.</param>
/// <param name="cancellationToken">Cancelled when the start is.</param>
public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    Dictionary<string, object>? environmentVariables = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>Its variables.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The resource that starts.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Cancelled when the start is.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

internal sealed record CommandLineArgumentsAnnotation(string[] Arguments) : IResourceAnnotation;
