using System.Reflection;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>An AppHost's entry point on a thread of its own, held where it builds its application.</summary>
internal sealed class EntryPointRun : EntryPointInterception
{
    private readonly Assembly _appHost;
    private readonly string _projectDirectory;
    private readonly string[] _args;
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builderReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EntryPointRun(Assembly appHost, string projectDirectory, string[] args)
    {
        _appHost = appHost;
        _projectDirectory = projectDirectory;
        _args = args;
        new Thread(RunEntryPoint) { IsBackground = true, Name = $"entry point of {appHost.GetName().Name}" }.Start();
    }

    /// <summary>Completes when the entry point is about to build.</summary>
    public Task<DistributedApplicationBuilder> BuilderReady => _builderReady.Task;

    public override void Configure(DistributedApplicationOptions options)
    {
        options.AssemblyName = _appHost.GetName().Name;
        options.ProjectDirectory = _projectDirectory;
        options.DisableDashboard = true;
        options.Args = ["--DcpPublisher:RandomizePorts=true", .. options.Args ?? []];
    }

    // The entry point is synchronous and has a thread of its own, so that holding it holds nobody else.
    public override DistributedApplication Build(DistributedApplicationBuilder builder)
    {
        _builderReady.SetResult(builder);
        var wanted = _decision.Task.GetAwaiter().GetResult();
        if (wanted)
        {
            _built.SetResult(builder.BuildNow());
        }

        // The test runs the application from here on: the entry point must not reach Run().
        throw new HostAbortedException();
    }

    public Task<DistributedApplication> BuildAsync()
    {
        _decision.TrySetResult(true);
        return _built.Task;
    }

    /// <summary>Lets the entry point end without an application.</summary>
    public void Abandon() => _decision.TrySetResult(false);

    private void RunEntryPoint()
    {
        Current = this;
        try
        {
            _appHost.EntryPoint!.Invoke(null, _appHost.EntryPoint.GetParameters().Length == 0 ? null : [_args]);
            _builderReady.TrySetException(new DistributedApplicationException("The AppHost's entry point ended without building an application."));
        }
        catch (TargetInvocationException exception) when (exception.InnerException is HostAbortedException)
        {
            // Thrown above, after the application was handed to the test.
        }
        catch (TargetInvocationException exception)
        {
            _ = _builderReady.TrySetException(exception.InnerException!) || _built.TrySetException(exception.InnerException!);
        }
    }
}
