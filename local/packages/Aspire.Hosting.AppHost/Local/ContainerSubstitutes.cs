using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>The programs of this repository that stand in for images.</summary>
internal static class ContainerSubstitutes
{
    private static readonly Dictionary<string, string> ProjectByImage = new()
    {
        ["postalsys/emailengine"] = "local/emailengine/EmailEngineSimulator.csproj",
    };

    /// <exception cref="DistributedApplicationException">Nothing stands in for the resource's image.</exception>
    public static ProcessSpec For(IResource resource, LocalState state) =>
        resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image) && ProjectByImage.TryGetValue(image.Image, out var project)
            ? ProjectProcess.Of(Path.Combine(state.Repository, project))
            : throw new DistributedApplicationException(
                $"Nothing stands in for the image '{image?.Image}' of '{resource.Name}' in local mode: run ./run --aspire where there is a container engine.");
}
