using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.Local.Dashboard;

namespace LocalMode.Tests.Dashboard;

public sealed class CommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_runs_on_its_resource_and_tells_its_outcome()
    {
        await using var dashboard = await StartAsync();
        dashboard.Feed.OnExecute = (resource, command, _) => Task.FromResult(new CommandOutcome(true, $"{command} of {resource} is done"));

        using var response = await PostAsync(dashboard, "ingest", "stop");

        var outcome = await response.Content.ReadFromJsonAsync<CommandOutcome>(Cancellation);
        Assert.Equal(new CommandOutcome(true, "stop of ingest is done"), outcome);
    }

    [Theory]
    [InlineData("ingest", "stop", HttpStatusCode.UnprocessableEntity, "command-failed", "it does not listen")]
    [InlineData("ingest", "start", HttpStatusCode.Conflict, "command-disabled", "Start is not possible while ingest is in state Running.")]
    [InlineData("ingest", "dance", HttpStatusCode.NotFound, "unknown-command", "ingest has no command 'dance'.")]
    [InlineData("nobody", "stop", HttpStatusCode.NotFound, "unknown-resource", "There is no resource 'nobody'.")]
    public async Task A_command_that_cannot_be_run_or_fails_says_why(string resource, string command, HttpStatusCode status, string type, string detail)
    {
        await using var dashboard = await StartAsync();
        dashboard.Feed.OnExecute = (_, _, _) => Task.FromResult(new CommandOutcome(false, "it does not listen"));

        using var response = await PostAsync(dashboard, resource, command);

        Assert.Equal(detail, await Problem.AssertAsync(response, status, type));
    }

    [Fact]
    public async Task An_error_of_the_runner_is_a_problem_without_its_inner_workings()
    {
        await using var dashboard = await StartAsync();
        dashboard.Feed.OnExecute = (_, _, _) => throw new InvalidOperationException("inner workings");

        using var response = await PostAsync(dashboard, "ingest", "stop");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("inner workings", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_goes_on_when_the_page_that_asked_is_closed()
    {
        await using var dashboard = await StartAsync();
        var started = new TaskCompletionSource<CancellationToken>();
        var finish = new TaskCompletionSource();
        dashboard.Feed.OnExecute = async (_, _, ct) =>
        {
            started.SetResult(ct);
            await finish.Task;
            return new CommandOutcome(true, null);
        };

        using var closing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = dashboard.Client.PostAsync(Path("ingest", "stop"), null, closing.Token);
        var command = await started.Task.WaitAsync(RunningDashboard.Deadline, Cancellation);
        await closing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        // A later request has been answered, so the server has had its time to notice.
        using var later = await PostAsync(dashboard, "ingest", "dance");
        Assert.False(command.IsCancellationRequested);
        finish.SetResult();
    }

    [Fact]
    public async Task A_command_is_given_up_when_the_dashboard_stops()
    {
        await using var dashboard = await StartAsync();
        var started = new TaskCompletionSource();
        dashboard.Feed.OnExecute = async (_, _, ct) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return new CommandOutcome(true, null);
        };

        var asked = PostAsync(dashboard, "ingest", "stop");
        await started.Task.WaitAsync(RunningDashboard.Deadline, Cancellation);
        await dashboard.StopAsync();

        using var response = await asked;
        await Problem.AssertAsync(response, HttpStatusCode.ServiceUnavailable, "stopping");
    }

    private static async Task<RunningDashboard> StartAsync()
    {
        var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Put(RunningDashboard.Resource(
            "ingest",
            "Running",
            new CommandView("start", "Start", Enabled: false, Highlighted: false, Confirmation: null),
            new CommandView("stop", "Stop", Enabled: true, Highlighted: false, Confirmation: null)));
        return dashboard;
    }

    private static Task<HttpResponseMessage> PostAsync(RunningDashboard dashboard, string resource, string command) =>
        dashboard.Client.PostAsync(Path(resource, command), null, Cancellation);

    private static Uri Path(string resource, string command) => new($"/api/resources/{resource}/commands/{command}", UriKind.Relative);
}
