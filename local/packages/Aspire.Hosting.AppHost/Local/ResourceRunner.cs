using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>Takes one resource through its states: waits for others, starts its process, watches health, stops it.</summary>
internal sealed class ResourceRunner(IResource resource, RunnerServices services) : IAsyncDisposable
{
    private const int LastLines = 15;

    private readonly SemaphoreSlim _commands = new(1);
    private readonly HealthMonitor _health = new(resource, services);
    private CancellationTokenSource _life = new();
    private Task _lifecycle = Task.CompletedTask;
    private bool _stopRequested;

    public IResource Resource => resource;

    /// <summary>The environment of the last start, as the process got it.</summary>
    public IReadOnlyList<ResolvedVariable> Environment { get; private set; } = [];

    /// <summary>Whether its process ended, or could not be started, without anybody asking for it.</summary>
    public bool Died { get; private set; }

    private bool IsRunning => !_lifecycle.IsCompleted;

    /// <summary>Starts the resource when all that it waits for is there. Returns at once.</summary>
    public async Task<ExecuteCommandResult> StartAsync(CancellationToken cancellationToken)
    {
        await _commands.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (IsRunning)
            {
                return CommandResults.Failure($"{resource.Name} runs already.");
            }

            _life.Dispose();
            _life = new CancellationTokenSource();
            (_stopRequested, Died) = (false, false);
            _lifecycle = LiveAsync(_life.Token);
            return CommandResults.Success();
        }
        finally
        {
            _commands.Release();
        }
    }

    /// <summary>Ends the resource's process and waits until it is gone.</summary>
    public async Task<ExecuteCommandResult> StopAsync(CancellationToken cancellationToken)
    {
        await _commands.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsRunning)
            {
                return CommandResults.Failure($"{resource.Name} does not run.");
            }

            _stopRequested = true;
            await _life.CancelAsync().ConfigureAwait(false);
            await _lifecycle.ConfigureAwait(false);
            return CommandResults.Success();
        }
        finally
        {
            _commands.Release();
        }
    }

    public async Task<ExecuteCommandResult> RestartAsync(CancellationToken cancellationToken)
    {
        if (IsRunning)
        {
            await StopAsync(cancellationToken).ConfigureAwait(false);
        }

        return await StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _life.Dispose();
        _commands.Dispose();
    }

    private async Task LiveAsync(CancellationToken life)
    {
        try
        {
            await WaitForOthersAsync(life).ConfigureAwait(false);
            using var process = await StartProcessAsync(life).ConfigureAwait(false);
            await WatchAsync(process, life).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            Publish(KnownResourceStates.Exited, "stopped");
        }
        catch (Exception exception)
        {
            Died = true;
            services.Logs.Write(resource.Name, exception.Message, isError: true);
            services.OnDeath(this, exception.Message, services.Logs.LastLines(resource.Name, LastLines));
            Publish(KnownResourceStates.FailedToStart, exception.Message);
        }
    }

    private async Task WaitForOthersAsync(CancellationToken life)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToArray();
        if (waits.Length > 0)
        {
            Publish(KnownResourceStates.Waiting, $"for {string.Join(", ", waits.Select(wait => wait.Resource.Name))}");
        }

        await Task.WhenAll(waits.Select(wait => wait.WaitType switch
        {
            WaitType.WaitUntilHealthy => services.Notifications.WaitForResourceHealthyAsync(wait.Resource.Name, services.WaitBehavior, life),
            WaitType.WaitForCompletion => WaitForCompletionAsync(wait, life),
            _ => throw new InvalidOperationException($"{wait.WaitType} is not a way to wait."),
        })).ConfigureAwait(false);
    }

    private async Task WaitForCompletionAsync(WaitAnnotation wait, CancellationToken life)
    {
        bool IsComplete(CustomResourceSnapshot snapshot) => snapshot.State?.Text == KnownResourceStates.Finished && snapshot.ExitCode == wait.ExitCode;

        var end = await services.Notifications.WaitForResourceAsync(
            wait.Resource.Name,
            change => IsComplete(change.Snapshot)
                || (services.WaitBehavior == WaitBehavior.StopOnResourceUnavailable && ResourceNotificationService.IsOver(change.Snapshot)),
            life).ConfigureAwait(false);
        if (!IsComplete(end.Snapshot))
        {
            throw new DistributedApplicationException($"'{wait.Resource.Name}' did not do its work: {end.Snapshot.State?.Text}, exit code {end.Snapshot.ExitCode}.");
        }
    }

    private async Task<LocalProcess> StartProcessAsync(CancellationToken life)
    {
        Publish(KnownResourceStates.Starting);
        Environment = await ResourceEnvironment.ResolveAsync(resource, services.ExecutionContext, life).ConfigureAwait(false);
        var spec = await PrepareAsync(life).ConfigureAwait(false);
        var variables = Environment.ToDictionary(variable => variable.Name, variable => variable.Value);
        var process = await LocalProcess.StartAsync(spec, variables, (line, isError) => services.Logs.Write(resource.Name, line, isError)).ConfigureAwait(false);
        services.Publish(resource, snapshot => snapshot with
        {
            State = KnownResourceStates.Running,
            Reason = null,
            StartTimeStamp = services.Time.GetUtcNow().UtcDateTime,
            StopTimeStamp = null,
            ExitCode = null,
        });
        return process;
    }

    private Task<ProcessSpec> PrepareAsync(CancellationToken life)
    {
        if (resource.TryGetLastAnnotation<IProjectMetadata>(out var project))
        {
            return Task.FromResult(ProjectProcess.Of(project.ProjectPath));
        }

        return resource.TryGetLastAnnotation<ProcessRecipeAnnotation>(out var recipe)
            ? recipe.Prepare(new(resource, services.State, line => services.Logs.Write(resource.Name, line, isError: false)), life)
            : Task.FromResult(ContainerSubstitutes.For(resource, services.State));
    }

    private async Task WatchAsync(LocalProcess process, CancellationToken life)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(life);
        var health = _health.RunAsync(ended.Token);
        try
        {
            await process.Exited.WaitAsync(life).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            Publish(KnownResourceStates.Stopping);
            if (!await process.StopAsync(services.Time).ConfigureAwait(false))
            {
                services.Logs.Write(resource.Name, "It did not end in time and was killed.", isError: true);
            }
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await health.ConfigureAwait(false);
        End(await process.Exited.ConfigureAwait(false));
    }

    private void End(int exitCode)
    {
        var finished = !_stopRequested && exitCode == 0 && services.IsAwaitedToComplete(resource);
        Died = !_stopRequested && !finished;
        var reason = _stopRequested ? "stopped" : $"exit code {exitCode}";
        if (Died)
        {
            services.OnDeath(this, $"ended with {reason}", services.Logs.LastLines(resource.Name, LastLines));
        }

        // The death is on record before anybody sees the state.
        services.Publish(resource, snapshot => snapshot with
        {
            State = finished ? KnownResourceStates.Finished : KnownResourceStates.Exited,
            Reason = reason,
            ExitCode = exitCode,
            StopTimeStamp = services.Time.GetUtcNow().UtcDateTime,
            HealthReports = [],
            IsReady = false,
        });
    }

    private void Publish(string state, string? reason = null) =>
        services.Publish(resource, snapshot => snapshot with { State = state, Reason = reason, HealthReports = [], IsReady = false });
}
