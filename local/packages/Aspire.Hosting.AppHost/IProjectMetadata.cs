using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where the project of a project resource is. Implemented by the generated classes of namespace <c>Projects</c>.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Full path of the project file.</summary>
    string ProjectPath { get; }
}
