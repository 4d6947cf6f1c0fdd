using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Docker;

namespace Aspire.Hosting;

/// <summary>Publishes the application as a Docker Compose file.</summary>
public static class DockerComposeEnvironmentExtensions
{
    /// <summary>Adds a Docker Compose environment to publish to. Local mode runs and tests; it does not publish.</summary>
    /// <exception cref="DistributedApplicationException">The application is being published in local mode.</exception>
    public static IResourceBuilder<DockerComposeEnvironmentResource> AddDockerComposeEnvironment(this IDistributedApplicationBuilder builder, [ResourceName] string name)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            throw new DistributedApplicationException("Local mode cannot publish: run 'aspire publish' with LocalMode=false, where the Aspire packages can be restored.");
        }

        // As in Aspire, the environment is no resource of a running application.
        return builder.CreateResourceBuilder(new DockerComposeEnvironmentResource(name));
    }
}
