using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers PostgreSQL for a service, with its health check, logs, spans and metrics.</summary>
public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string ConfigurationSection = "Aspire:Npgsql";

    // Npgsql names its activity source and its meter alike.
    private const string TelemetryName = "Npgsql";

    /// <summary>Registers <see cref="NpgsqlDataSource"/> as a singleton and <see cref="NpgsqlConnection"/> as a transient of it.</summary>
    /// <param name="builder">The application to read configuration from and to add services to.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called last, after configuration has been read.</param>
    /// <param name="configureDataSourceBuilder">Called when the data source is first asked for.</param>
    /// <exception cref="InvalidOperationException">There is no connection string. Thrown when the data source is first asked for.</exception>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
        => AddDataSource(builder, connectionName, serviceKey: null, configureSettings, configureDataSourceBuilder);

    /// <summary>As <see cref="AddNpgsqlDataSource"/>, with <paramref name="name"/> both as the service key and as the connection name.</summary>
    /// <param name="builder">The application to read configuration from and to add services to.</param>
    /// <param name="name">The service key, and the name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Called last, after configuration has been read.</param>
    /// <param name="configureDataSourceBuilder">Called when the data source is first asked for.</param>
    /// <exception cref="InvalidOperationException">There is no connection string. Thrown when the data source is first asked for.</exception>
    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string name,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
        => AddDataSource(builder, name, serviceKey: name, configureSettings, configureDataSourceBuilder);

    private static void AddDataSource(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<NpgsqlSettings>? configureSettings,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = ReadSettings(builder.Configuration, connectionName);
        configureSettings?.Invoke(settings);

        // A null key registers and resolves the unkeyed service.
        builder.Services.AddKeyedSingleton(
            serviceKey, (services, _) => CreateDataSource(services, settings, connectionName, configureDataSourceBuilder));
        builder.Services.AddKeyedTransient(
            serviceKey, (services, key) => services.GetRequiredKeyedService<NpgsqlDataSource>(key).CreateConnection());

        if (!settings.DisableHealthChecks)
        {
            AddHealthCheck(builder, serviceKey);
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(TelemetryName));
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(TelemetryName));
        }
    }

    private static NpgsqlSettings ReadSettings(IConfiguration configuration, string connectionName)
    {
        var settings = new NpgsqlSettings();
        var section = configuration.GetSection(ConfigurationSection);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.ConnectionString = configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        return settings;
    }

    private static NpgsqlDataSource CreateDataSource(
        IServiceProvider services,
        NpgsqlSettings settings,
        string connectionName,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder)
    {
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"ConnectionString is missing. Set 'ConnectionStrings:{connectionName}' or '{ConfigurationSection}:ConnectionString'.");
        }

        var dataSourceBuilder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        dataSourceBuilder.UseLoggerFactory(services.GetService<ILoggerFactory>());
        configureDataSourceBuilder?.Invoke(dataSourceBuilder);
        return dataSourceBuilder.Build();
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, string? serviceKey)
    {
        var name = serviceKey is null ? "PostgreSql" : $"PostgreSql_{serviceKey}";
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                name, services => new PostgresHealthCheck(services, serviceKey), failureStatus: null, tags: null));
        }
    }
}
