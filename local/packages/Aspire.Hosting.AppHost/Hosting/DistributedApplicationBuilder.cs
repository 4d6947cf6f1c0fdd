using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Puts together an application whose resources run as processes of this machine.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;

    /// <summary>Starts with an empty application.</summary>
    /// <exception cref="DistributedApplicationException">The AppHost was not built with its project references.</exception>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        _options = options;
        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? FindProjectDirectory(AppHostAssembly);

        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = options.Args,
            ContentRootPath = AppHostDirectory,
            ApplicationName = AppHostAssembly?.GetName().Name,
        });
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning);
        _host.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // A red health check is a state of its resource and shown as such.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Services.AddHealthChecks();
        _host.Services.AddHttpClient();
        _host.Services.AddSingleton(new ResourceLoggerService());
    }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public string AppHostDirectory { get; }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext => field ??= new(
        string.Equals(Configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase)
            ? DistributedApplicationOperation.Publish
            : DistributedApplicationOperation.Run);

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <summary>Where generated secrets are kept.</summary>
    internal LocalState State => field ??= LocalState.For(AppHostDirectory, Configuration);

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.TryGetByName(resource.Name, out _))
        {
            throw new DistributedApplicationException($"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of that name exists.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc />
    public DistributedApplication Build() => EntryPointInterception.Current is { } interception ? interception.Build(this) : BuildNow();

    internal DistributedApplication BuildNow() => new(_host.Build(), this, _options);

    private static string FindProjectDirectory(Assembly? appHost)
    {
        var name = appHost?.GetName().Name?.Replace('.', '_').Replace('-', '_');
        return appHost?.GetType($"Projects.{name}") is { } type && Activator.CreateInstance(type) is IProjectMetadata project
            ? Path.GetDirectoryName(project.ProjectPath)!
            : throw new DistributedApplicationException($"The project of the AppHost '{appHost?.GetName().Name}' is not known: build it in local mode (LocalMode=true).");
    }
}
