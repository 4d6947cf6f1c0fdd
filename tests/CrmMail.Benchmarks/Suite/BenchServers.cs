using System.Globalization;
using Npgsql;

namespace CrmMail.Benchmarks.Suite;

/// <summary>PostgreSQL, Redis and Kafka of the AppHost with empty stores, and the services of the AppHost, started when they are asked for.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    public const string WebhookSecret = "a-webhook-secret-of-the-benchmarks";
    public const string ApiKey = "an-api-key-of-the-benchmarks-0123456789abcdef";

    private static readonly string NoEmailEngine = $"Endpoint=http://localhost:9;Token={new string('0', 64)}";

    private static readonly string[] Servers = ["postgres", "crm", "redis", "kafka", "migrator"];

    private readonly IDistributedApplicationTestingBuilder _builder;
    private readonly DistributedApplication _application;
    private readonly List<ServiceProcess> _services = [];

    private BenchServers(IDistributedApplicationTestingBuilder builder, DistributedApplication application, string crm, string redis, string kafka)
    {
        (_builder, _application) = (builder, application);
        (CrmConnection, RedisConnection, Kafka) = (crm, redis, kafka);
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(crm) { CommandTimeout = 600, ArrayNullabilityMode = ArrayNullabilityMode.PerInstance }.ConnectionString);
    }

    public string CrmConnection { get; }

    public string RedisConnection { get; }

    public string Kafka { get; }

    public NpgsqlDataSource Database { get; }

    /// <param name="partitions">How many partitions a topic has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<BenchServers> StartAsync(int partitions, CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CrmMail_AppHost>(
            [$"--ConnectionStrings:emailengine={NoEmailEngine}"], cancellationToken);
        builder.Configuration["Parameters:api-key"] = ApiKey;
        foreach (var resource in builder.Resources.ToArray())
        {
            if (resource is ProjectResource or ContainerResource && !Servers.Contains(resource.Name))
            {
                builder.Resources.Remove(resource);
            }

            if (resource is ProjectResource { Name: "migrator" } migrator)
            {
                builder.CreateResourceBuilder(migrator).WithEnvironment("Topics__Partitions", partitions.ToString(CultureInfo.InvariantCulture));
            }

            foreach (var volume in resource.Annotations.OfType<ContainerMountAnnotation>().ToArray())
            {
                resource.Annotations.Remove(volume);
            }
        }

        var application = await builder.BuildAsync(cancellationToken);
        await application.StartAsync(cancellationToken);
        await application.ResourceNotifications.WaitForResourceAsync("migrator", KnownResourceStates.TerminalStates, cancellationToken);
        return new BenchServers(
            builder,
            application,
            (await application.GetConnectionStringAsync("crm", cancellationToken))!,
            (await application.GetConnectionStringAsync("redis", cancellationToken))!,
            (await application.GetConnectionStringAsync("kafka", cancellationToken))!);
    }

    public Task<ServiceProcess> StartIngestAsync(CancellationToken cancellationToken) =>
        StartAsync("CrmMail.Ingest", [("Webhooks__Secrets__0", WebhookSecret), ("Limits__RequestsPerSecond", "1000000"), ("Limits__RequestBurst", "1000000")], cancellationToken);

    public Task<ServiceProcess> StartProcessorAsync(CancellationToken cancellationToken) => StartAsync("CrmMail.Processor", [], cancellationToken);

    public Task<ServiceProcess> StartApiAsync(CancellationToken cancellationToken) =>
        StartAsync("CrmMail.Api", [("Access__RequestsPerSecond", "1000000"), ("Access__RequestBurst", "1000000")], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        await Database.DisposeAsync();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
        await _builder.DisposeAsync();
    }

    private async Task<ServiceProcess> StartAsync(string project, (string Key, string Value)[] settings, CancellationToken cancellationToken)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var service = await ServiceProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "..", "..", project, configuration, project),
            [],
            [
                ("ConnectionStrings__crm", CrmConnection),
                ("ConnectionStrings__redis", RedisConnection),
                ("ConnectionStrings__kafka", Kafka),
                ("ConnectionStrings__emailengine", NoEmailEngine),
                ("Erasure__Keys__0", "a-key-of-the-benchmarks"),
                ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
                ("Logging__LogLevel__Default", "Warning"),
                ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
                .. settings,
            ],
            cancellationToken);
        _services.Add(service);
        return service;
    }
}
