using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CrmMail.SystemTests;

public sealed class ResourcesTests(RunningApplication system)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_migrator_did_its_work_and_everything_else_is_healthy()
    {
        using var deadline = new CancellationTokenSource(Deadline);

        var migrator = await system.Application.ResourceNotifications.WaitForResourceAsync("migrator", KnownResourceStates.TerminalStates, deadline.Token);

        Assert.Equal(KnownResourceStates.Finished, migrator);
        Assert.Superset(
            new HashSet<string> { "postgres", "redis", "kafka", "emailengine-redis", "emailengine", "ingest", "processor", "api", "mailparse" },
            system.LastingResources.ToHashSet());
        foreach (var resource in system.LastingResources)
        {
            await system.WaitUntilHealthyAsync(resource, deadline.Token);
        }
    }

    [Theory]
    [InlineData("ingest")]
    [InlineData("processor")]
    [InlineData("api")]
    public async Task A_service_answers_whether_it_lives_and_whether_it_is_ready(string service)
    {
        using var client = system.Application.CreateHttpClient(service, "http");
        using var deadline = new CancellationTokenSource(Deadline);

        using var alive = await client.GetAsync("/alive", deadline.Token);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        // Another test may have taken a server away and brought it back just now.
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var seen = await ReadHealthAsync(client, deadline.Token);
        while (seen.Status != HttpStatusCode.OK && !deadline.IsCancellationRequested)
        {
            await poll.WaitForNextTickAsync(CancellationToken.None);
            seen = await ReadHealthAsync(client, CancellationToken.None);
        }

        Assert.True(seen.Status == HttpStatusCode.OK, $"{service} is not ready. Seen last: {seen}");
    }

    [Fact]
    public async Task Who_uses_Redis_turns_red_when_it_stops_and_green_when_it_starts_again()
    {
        using var deadline = new CancellationTokenSource(Deadline);

        var stopped = await system.Application.ResourceCommands.ExecuteCommandAsync("redis", KnownResourceCommands.StopCommand, deadline.Token);
        Assert.True(stopped.Success);
        await WaitForHealthAsync("processor", HealthStatus.Unhealthy, deadline.Token);
        Assert.Equal(KnownResourceStates.Exited, await system.Application.ResourceNotifications.WaitForResourceAsync("redis", KnownResourceStates.TerminalStates, deadline.Token));

        var started = await system.Application.ResourceCommands.ExecuteCommandAsync("redis", KnownResourceCommands.StartCommand, deadline.Token);
        Assert.True(started.Success);
        await WaitForHealthAsync("redis", HealthStatus.Healthy, deadline.Token);
        await WaitForHealthAsync("processor", HealthStatus.Healthy, deadline.Token);
    }

    private static async Task<(HttpStatusCode Status, string Report)> ReadHealthAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync("/health", cancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    private async Task WaitForHealthAsync(string resource, HealthStatus expected, CancellationToken deadline)
    {
        try
        {
            await system.Application.ResourceNotifications.WaitForResourceAsync(resource, change => change.Snapshot.HealthStatus == expected, deadline);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{resource} was to become {expected}. Seen last: {system.Describe(resource)}");
        }
    }
}
