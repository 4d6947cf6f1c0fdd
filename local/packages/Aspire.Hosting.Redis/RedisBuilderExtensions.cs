using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.Local.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Redis. Local mode runs the server of the operating system's package.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource and of its connection string.</param>
    /// <param name="port">Port on the host.</param>
    /// <param name="password">Its password; generated and kept when null.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        // A comma would end the password in a StackExchange.Redis connection string.
        var server = new RedisResource(
            name,
            password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false));

        var check = $"{name}_check";
        builder.Services.AddSingleton(_ => new RedisHealthCheck(server));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            check,
            services => services.GetServices<RedisHealthCheck>().Single(candidate => candidate.Server == server),
            failureStatus: null,
            tags: null));

        return builder.AddResource(server)
            .WithEndpoint(port, targetPort: 6379, name: RedisResource.PrimaryEndpointName, scheme: "tcp")
            .WithImage("library/redis", "8.6")
            .WithHealthCheck(check)
            .WithAnnotation(new ProcessRecipeAnnotation(new RedisProcess(server).PrepareAsync));
    }

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder,
        string? name = null,
        bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/data", isReadOnly);
}
