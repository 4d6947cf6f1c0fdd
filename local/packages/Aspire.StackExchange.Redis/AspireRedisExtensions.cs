using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Redis for a service, with its health check and logs.</summary>
public static class AspireRedisExtensions
{
    private const string ConfigurationSection = "Aspire:StackExchange:Redis";

    /// <summary>Registers <see cref="IConnectionMultiplexer"/> as a singleton that connects when it is first asked for.</summary>
    /// <param name="builder">The application to read configuration from and to add services to.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called last, after configuration has been read.</param>
    /// <param name="configureOptions">Called after the connection string and the section <c>ConfigurationOptions</c> have been read.</param>
    /// <exception cref="InvalidOperationException">There is no endpoint to connect to. Thrown when the connection is first asked for.</exception>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
        => AddClient(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>As <see cref="AddRedisClient"/>, with <paramref name="name"/> both as the service key and as the connection name.</summary>
    /// <param name="builder">The application to read configuration from and to add services to.</param>
    /// <param name="name">The service key, and the name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called last, after configuration has been read.</param>
    /// <param name="configureOptions">Called after the connection string and the section <c>ConfigurationOptions</c> have been read.</param>
    /// <exception cref="InvalidOperationException">There is no endpoint to connect to. Thrown when the connection is first asked for.</exception>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
        => AddClient(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static void AddClient(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var section = builder.Configuration.GetSection(ConfigurationSection);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        // A null key registers and resolves the unkeyed service.
        builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(serviceKey, (services, _) =>
        {
            var options = ReadOptions(settings.ConnectionString, section, connectionName);
            configureOptions?.Invoke(options);
            return Connect(options, services, connectionName);
        });

        if (!settings.DisableHealthChecks)
        {
            AddHealthCheck(builder, serviceKey);
        }
    }

    private static ConfigurationOptions ReadOptions(string? connectionString, IConfigurationSection section, string connectionName)
    {
        var options = connectionString is null ? new ConfigurationOptions() : ConfigurationOptions.Parse(connectionString);
        if (options.Defaults.GetType() == typeof(DefaultOptionsProvider))
        {
            options.Defaults = new RetryingOptions();
        }

        section.GetSection("ConfigurationOptions").Bind(options);
        section.GetSection(connectionName).GetSection("ConfigurationOptions").Bind(options);
        return options;
    }

    private static ConnectionMultiplexer Connect(ConfigurationOptions options, IServiceProvider services, string connectionName)
    {
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException(
                $"No endpoints specified. Set 'ConnectionStrings:{connectionName}' or '{ConfigurationSection}:ConnectionString'.");
        }

        options.LoggerFactory ??= services.GetService<ILoggerFactory>();
        return ConnectionMultiplexer.Connect(options);
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, string? serviceKey)
    {
        var name = serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{serviceKey}";
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            builder.Services.AddKeyedSingleton(name, (services, _) => new RedisHealthCheck(services, serviceKey));
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                name, services => services.GetRequiredKeyedService<RedisHealthCheck>(name), failureStatus: null, tags: null));
        }
    }
}
