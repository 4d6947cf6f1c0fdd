using System.Collections.Concurrent;
using CrmMail.FaultTests.Faults;
using Npgsql;

namespace CrmMail.FaultTests;

/// <summary>
/// The system of the AppHost with stores of its own, as processes that can be killed one by one: up to three Processors, and one that
/// replays. Without what takes no part in the way of a mail: Api and EmailEngine.
/// </summary>
internal sealed class MailSystem : IAsyncDisposable
{
    public const string Ingest = "ingest";
    public const string Kafka = "kafka";
    public const string Redis = "redis";
    public const string Postgres = "postgres";
    public const string Replayer = "replayer";
    public const string ReplayGroup = "replay-of-the-tests";
    public const string Crm = "crm";
    public const string WebhookSecret = "a-webhook-secret-of-the-tests";

    private const string ErasureKey = "an-erasure-key-of-the-tests";

    /// <summary>Kafka's least, so that a dead or frozen Processor is missed soon.</summary>
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);

    public static readonly IReadOnlyList<string> Processors = ["processor", "processor-2", "processor-3"];

    public static readonly IReadOnlyList<string> Processes = [Postgres, Redis, Kafka, Ingest, .. Processors, Replayer];

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan HealDeadline = TimeSpan.FromSeconds(90);

    private readonly IDistributedApplicationTestingBuilder _builder;
    private readonly ConcurrentDictionary<string, bool> _wanted = new();

    private MailSystem(IDistributedApplicationTestingBuilder builder, DistributedApplication application, string kafka, string redis, string crm)
    {
        _builder = builder;
        Application = application;
        KafkaServers = kafka;
        RedisServer = redis;
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(crm) { Pooling = false, CommandTimeout = 600 }.ConnectionString);
    }

    public DistributedApplication Application { get; }

    public string KafkaServers { get; }

    public string RedisServer { get; }

    /// <summary>Each time by a connection of its own: those of before a fault are broken.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>The resources that are meant to run now.</summary>
    public IReadOnlyList<string> Wanted => [.. _wanted.Where(resource => resource.Value).Select(resource => resource.Key)];

    /// <summary>Starts everything, with one Processor.</summary>
    /// <param name="processor">A project to run in place of the Processor; null for the Processor itself.</param>
    /// <param name="proxy">Through which Processors reach PostgreSQL.</param>
    /// <param name="disk">Where the broker keeps its data; null for any folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<MailSystem> StartAsync(IProjectMetadata? processor, DatabaseProxy proxy, BrokerDisk? disk, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CrmMail_AppHost>(
            ["--ConnectionStrings:emailengine=Endpoint=http://localhost:9;Token=unused"], deadline.Token);
        Arrange(builder, processor, proxy, disk);
        var application = await builder.BuildAsync(deadline.Token);
        await application.StartAsync(deadline.Token);
        var system = new MailSystem(
            builder,
            application,
            (await application.GetConnectionStringAsync(Kafka, deadline.Token))!,
            (await application.GetConnectionStringAsync(Redis, deadline.Token))!,
            (await application.GetConnectionStringAsync(Crm, deadline.Token))!);
        try
        {
            foreach (var later in (string[])[.. Processors.Skip(1), Replayer])
            {
                await system.StopAsync(later, deadline.Token);
            }

            foreach (var resource in (string[])[Postgres, Redis, Kafka, Ingest, Processors[0]])
            {
                system._wanted[resource] = true;
                await application.ResourceNotifications.WaitForResourceHealthyAsync(resource, deadline.Token);
            }
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }

        return system;
    }

    /// <summary>Ends the process of a resource without a word, and waits until that is noticed.</summary>
    /// <param name="resource">Its name.</param>
    /// <param name="signal">What it is killed with.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public async Task CrashAsync(string resource, int signal, CancellationToken cancellationToken)
    {
        _wanted[resource] = false;
        ServerProcess.Signal(resource, signal);
        await Application.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, cancellationToken);
    }

    /// <summary>Ends a resource in good order.</summary>
    public async Task StopAsync(string resource, CancellationToken cancellationToken)
    {
        _wanted[resource] = false;
        await Application.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, cancellationToken);
    }

    /// <summary>Starts a resource, again if it dies because its servers are away or its predecessor left something, and waits until it is healthy.</summary>
    public async Task StartAsync(string resource, CancellationToken cancellationToken)
    {
        _wanted[resource] = true;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(HealDeadline);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            while (!await TryStartAsync(resource, deadline.Token))
            {
                await again.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{resource} is not healthy {HealDeadline.TotalSeconds:0} s after its start: {Describe(resource)}");
        }
    }

    /// <summary>Whether a resource that is meant to run has ended by itself.</summary>
    public bool HasDied(string resource) =>
        _wanted.GetValueOrDefault(resource)
        && Application.ResourceNotifications.TryGetCurrentState(resource, out var known)
        && KnownResourceStates.TerminalStates.Contains(known!.Snapshot.State?.Text);

    public string Describe(string resource) =>
        Application.ResourceNotifications.TryGetCurrentState(resource, out var known)
            ? $"{known!.Snapshot.State?.Text}, {known.Snapshot.HealthStatus}, exit code {known.Snapshot.ExitCode}, {string.Join("; ", known.Snapshot.HealthReports.Select(report => $"{report.Name}: {report.Status} {report.Description} {report.ExceptionText}"))}"
            : "never heard of";

    public async ValueTask DisposeAsync()
    {
        await Application.StopAsync(CancellationToken.None);
        await Application.DisposeAsync();
        await _builder.DisposeAsync();
        await Database.DisposeAsync();
    }

    private async Task<bool> TryStartAsync(string resource, CancellationToken cancellationToken)
    {
        await Application.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, cancellationToken);
        try
        {
            await Application.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);
            return true;
        }
        catch (DistributedApplicationException)
        {
            return false;
        }
    }

    private static void Arrange(IDistributedApplicationTestingBuilder builder, IProjectMetadata? processor, DatabaseProxy proxy, BrokerDisk? disk)
    {
        builder.Configuration["Parameters:webhook-secret"] = WebhookSecret;
        builder.Configuration["Parameters:erasure-key"] = ErasureKey;
        foreach (var bystander in builder.Resources.Where(resource => resource.Name is "api").ToArray())
        {
            builder.Resources.Remove(bystander);
        }

        foreach (var mount in builder.Resources.SelectMany(resource => resource.Annotations.OfType<ContainerMountAnnotation>().Select(mount => (resource, mount))).ToArray())
        {
            mount.resource.Annotations.Remove(mount.mount);
        }

        if (disk is not null)
        {
            var kafka = builder.Resources.Single(resource => resource.Name == Kafka);
            kafka.Annotations.Add(new ContainerMountAnnotation(disk.Folder.FullName, "/var/lib/kafka/data", ContainerMountType.BindMount, isReadOnly: false));
        }

        foreach (var further in Processors.Skip(1))
        {
            AddProcessor(builder, further);
        }

        AddProcessor(builder, Replayer).WithEnvironment("Consumer__GroupId", ReplayGroup).WithEnvironment("Deduplication__Namespace", "replay");
        var crm = builder.Resources.OfType<IResourceWithConnectionString>().Single(resource => resource.Name == Crm);
        foreach (var resource in builder.Resources.OfType<ProjectResource>().Where(resource => Processors.Contains(resource.Name)))
        {
            resource.Annotations.Add(new EnvironmentCallbackAnnotation(async context =>
                context.EnvironmentVariables[$"ConnectionStrings__{Crm}"] = proxy.Through((await crm.GetConnectionStringAsync(context.CancellationToken))!)));
            builder.CreateResourceBuilder(resource).WithEnvironment(
                "Aspire__Confluent__Kafka__Consumer__Config__SessionTimeoutMs", SessionTimeout.TotalMilliseconds.ToString("0", null));
            if (processor is not null)
            {
                resource.Annotations.Remove(resource.Annotations.OfType<IProjectMetadata>().Single());
                resource.Annotations.Add(processor);
            }
        }

        foreach (var resource in builder.Resources.OfType<IResourceWithEnvironment>().ToArray())
        {
            builder.CreateResourceBuilder(resource).WithEnvironment(ServerProcess.Mark, resource.Name);
        }
    }

    private static IResourceBuilder<ProjectResource> AddProcessor(IDistributedApplicationTestingBuilder builder, string name)
    {
        IResourceBuilder<T> Find<T>(string resource)
            where T : IResource => builder.CreateResourceBuilder(builder.Resources.OfType<T>().Single(candidate => candidate.Name == resource));

        return builder.AddProject<Projects.CrmMail_Processor>(name)
            .WithReference(Find<IResourceWithConnectionString>(Kafka))
            .WithReference(Find<IResourceWithConnectionString>(Redis))
            .WithReference(Find<IResourceWithConnectionString>(Crm))
            .WaitForCompletion(Find<IResource>("migrator"))
            .WithEnvironment("Erasure__Keys__0", ErasureKey)
            .WithHttpHealthCheck("/health");
    }
}
