using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Which resources have to be there before which.</summary>
internal static class DependencyOrder
{
    /// <summary>Length of the longest chain of resources that this one waits for.</summary>
    public static int Depth(IResource resource)
    {
        var depth = 0;
        foreach (var needed in Needed(resource))
        {
            depth = Math.Max(depth, 1 + Depth(needed));
        }

        return depth;
    }

    private static IEnumerable<IResource> Needed(IResource resource) =>
        resource is IResourceWithParent child
            ? [child.Parent]
            : resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource);
}
