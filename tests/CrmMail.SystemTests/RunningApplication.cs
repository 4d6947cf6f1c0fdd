[assembly: AssemblyFixture(typeof(CrmMail.SystemTests.RunningApplication))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CrmMail.SystemTests;

/// <summary>The whole system, started from the AppHost once for all tests, with empty stores of its own.</summary>
public sealed class RunningApplication : IAsyncLifetime
{
    private const string OneShot = "migrator";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _application;

    /// <summary>The application; every resource was healthy once.</summary>
    public DistributedApplication Application => _application ?? throw new InvalidOperationException("The application was not started.");

    /// <summary>The key of the webhook signatures.</summary>
    public string WebhookSecret { get; } = "a-webhook-secret-of-the-tests";

    /// <summary>The key of the signatures of MailParse.</summary>
    public string MailParseSecret { get; } = "a-mailparse-secret-of-the-tests";

    /// <summary>The bearer token of MailParse's listing.</summary>
    public string MailParseToken { get; } = "a-mailparse-token-of-the-tests";

    /// <summary>The name of a second EmailEngine instance that sends webhooks.</summary>
    public const string SecondInstance = "second";

    /// <summary>The key of the second instance's webhook signatures.</summary>
    public string SecondInstanceSecret { get; } = "another-webhook-secret-of-the-tests";

    /// <summary>A key for the Api, with all scopes.</summary>
    public string ApiKey { get; } = "an-api-key-of-the-tests-0123456789abcdef";

    /// <summary>Resources that others rely on, by name.</summary>
    public IReadOnlyList<string> LastingResources { get; private set; } = [];

    /// <summary>What else is to be arranged before it starts.</summary>
    internal Action<IDistributedApplicationTestingBuilder> Arrange { get; init; } = _ => { };

    public async ValueTask InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch
        {
            // A fixture that could not be initialised is not disposed.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.StopAsync(CancellationToken.None);
            await _application.DisposeAsync();
        }

        if (_builder is not null)
        {
            await _builder.DisposeAsync();
        }
    }

    /// <summary>Waits until a resource runs and all its health checks are green.</summary>
    public async Task WaitUntilHealthyAsync(string resource, CancellationToken cancellationToken)
    {
        try
        {
            await Application.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{resource} did not become healthy in time. Seen last: {Describe(resource)}");
        }
    }

    /// <summary>The state of a resource, for the message of a failed test.</summary>
    public string Describe(string resource) =>
        Application.ResourceNotifications.TryGetCurrentState(resource, out var known)
            ? $"{known!.Snapshot.State?.Text}, {known.Snapshot.HealthStatus}, {string.Join("; ", known.Snapshot.HealthReports.Select(report => $"{report.Name}: {report.Status} {report.Description} {report.ExceptionText}"))}"
            : "never heard of";

    private async Task StartAsync()
    {
        using var deadline = new CancellationTokenSource(StartDeadline);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CrmMail_AppHost>(deadline.Token);
        _builder.Configuration["Parameters:webhook-secret"] = WebhookSecret;
        _builder.Configuration["Parameters:mailparse-secret"] = MailParseSecret;
        _builder.Configuration["Parameters:mailparse-token"] = MailParseToken;
        _builder.CreateResourceBuilder(_builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "ingest"))
            .WithEnvironment($"Webhooks__Instances__{SecondInstance}__Secrets__0", SecondInstanceSecret);
        _builder.Configuration["Parameters:api-key"] = ApiKey;
        WithoutVolumes(_builder);
        Arrange(_builder);
        LastingResources = [.. _builder.Resources.Where(resource => resource is ContainerResource or ProjectResource && resource.Name != OneShot).Select(resource => resource.Name)];

        _application = await _builder.BuildAsync(deadline.Token);
        await _application.StartAsync(deadline.Token);
        await Task.WhenAll(LastingResources.Select(name => WaitUntilHealthyAsync(name, deadline.Token)));
    }

    private static void WithoutVolumes(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var resource in builder.Resources)
        {
            foreach (var mount in resource.Annotations.OfType<ContainerMountAnnotation>().ToArray())
            {
                resource.Annotations.Remove(mount);
            }
        }
    }
}
