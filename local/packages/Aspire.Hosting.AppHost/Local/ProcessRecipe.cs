using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>How a resource that is a container elsewhere runs as a process of this machine.</summary>
/// <param name="Prepare">Makes folders and files ready and says what to start.</param>
internal sealed record ProcessRecipeAnnotation(Func<ProcessRecipeContext, CancellationToken, Task<ProcessSpec>> Prepare) : IResourceAnnotation;

/// <summary>What a recipe may use.</summary>
/// <param name="Resource">The resource to start.</param>
/// <param name="State">Folders.</param>
/// <param name="Log">Writes to the resource's console.</param>
internal sealed record ProcessRecipeContext(IResource Resource, LocalState State, Action<string> Log)
{
    /// <summary>Arguments given to the container.</summary>
    public IReadOnlyList<string> Arguments => [.. Resource.Annotations.OfType<CommandLineArgumentsAnnotation>().SelectMany(given => given.Arguments)];

    /// <summary>The folder of the host that the resource is bound to, or that of its volume, or one that is empty at the start of a run when it has neither.</summary>
    public string DataFolder => Source(ContainerMountType.BindMount) ?? (VolumeName is { } name ? State.Volume(name) : State.Scratch(Resource.Name));

    /// <summary>Name of the resource's volume; null when it has none.</summary>
    public string? VolumeName => Source(ContainerMountType.Volume);

    private string? Source(ContainerMountType type) =>
        Resource.Annotations.OfType<ContainerMountAnnotation>().FirstOrDefault(mount => mount.Type == type)?.Source;
}

/// <summary>What has to follow the first good health of a resource before others may use it.</summary>
internal sealed record ResourceReadyCallbackAnnotation(Func<CancellationToken, Task> Callback) : IResourceAnnotation;
