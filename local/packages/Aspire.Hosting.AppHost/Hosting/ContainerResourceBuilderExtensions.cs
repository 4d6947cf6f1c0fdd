using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What can be said of containers.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>The image to run. In local mode it decides which process stands in for it.</summary>
    public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null)
        where T : ContainerResource =>
        builder.WithAnnotation(new ContainerImageAnnotation { Image = image, Tag = tag }, ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Keeps a folder in a volume.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">Name of the volume.</param>
    /// <param name="target">The folder inside the container.</param>
    /// <param name="isReadOnly">Whether the container may write.</param>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource =>
        builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));
}
