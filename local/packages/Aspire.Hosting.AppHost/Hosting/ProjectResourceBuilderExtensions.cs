using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace Aspire.Hosting;

/// <summary>Adds projects of the solution.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project; its endpoints and environment come from the first profile of its launchSettings.json that starts the project.</summary>
    /// <typeparam name="TProject">Generated class in namespace <c>Projects</c>.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name)
        where TProject : IProjectMetadata, new()
    {
        var project = new TProject();
        var resource = builder.AddResource(new ProjectResource(name)).WithAnnotation(project);
        if (LaunchProfile.Read(project.ProjectPath) is not { } profile)
        {
            return resource;
        }

        foreach (var url in profile.Urls)
        {
            resource.WithEndpoint(port: url.Port, scheme: url.Scheme, name: url.Scheme);
        }

        return resource.WithEnvironment(context =>
        {
            foreach (var (variable, value) in profile.EnvironmentVariables)
            {
                context.EnvironmentVariables[variable] = value;
            }

            context.EnvironmentVariables["ASPNETCORE_URLS"] = string.Join(';', resource.Resource.GetEndpoints().Select(endpoint => endpoint.Url));
        });
    }
}
