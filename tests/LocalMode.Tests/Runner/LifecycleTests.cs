using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace LocalMode.Tests.Runner;

public sealed class LifecycleTests
{
    private const string RunUntilAsked = "trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.05; done";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resource_starts_only_when_the_one_it_waits_for_has_done_its_work()
    {
        await using var application = new ShellApplication();
        var first = application.Add("first", "sleep 0.3; echo done");
        application.Add("second", RunUntilAsked).WaitForCompletion(first);

        await application.StartAsync(Cancellation);
        var second = await application.WaitForStateAsync("second", KnownResourceStates.Running);
        var finished = await application.WaitForStateAsync("first", KnownResourceStates.Finished);

        Assert.Equal(0, finished.ExitCode);
        Assert.True(second.StartTimeStamp >= finished.StopTimeStamp, $"second started {second.StartTimeStamp:O}, first ended {finished.StopTimeStamp:O}");
    }

    [Fact]
    public async Task A_resource_does_not_start_when_the_one_it_waits_for_failed()
    {
        await using var application = new ShellApplication();
        var first = application.Add("first", "exit 3");
        application.Add("second", RunUntilAsked).WaitForCompletion(first);

        await application.StartAsync(Cancellation);
        var second = await application.WaitForStateAsync("second", KnownResourceStates.FailedToStart);

        Assert.Contains("first", second.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("up", application.Console("second"));
    }

    [Fact]
    public async Task A_resource_that_dies_is_reported_with_its_last_lines_and_not_started_again()
    {
        await using var application = new ShellApplication();
        application.Add("mortal", "echo 'cannot open the door' >&2; exit 7");

        await application.StartAsync(Cancellation);
        var dead = await application.WaitForStateAsync("mortal", KnownResourceStates.Exited);

        Assert.Equal(7, dead.ExitCode);
        var death = Assert.Single(application.Application.Runner.Deaths.All);
        Assert.Equal("mortal", death.Resource);
        Assert.Contains("7", death.Reason, StringComparison.Ordinal);
        Assert.Contains("cannot open the door", death.LastLines.Select(line => line.Text));
        Assert.Single(application.Console("mortal"));
    }

    [Fact]
    public async Task A_stop_asks_first_and_a_start_brings_the_resource_back()
    {
        await using var application = new ShellApplication();
        application.Add("server", RunUntilAsked);
        await application.StartAsync(Cancellation);
        await application.WaitForLineAsync("server", line => line == "up");

        var stop = await application.ExecuteAsync("server", KnownResourceCommands.StopCommand);

        Assert.True(stop.Success);
        await application.WaitForStateAsync("server", KnownResourceStates.Exited);
        Assert.Contains("asked", application.Console("server"));
        Assert.False(application.Application.Runner.Deaths.Any);
        Assert.False((await application.ExecuteAsync("server", KnownResourceCommands.StopCommand)).Success);

        Assert.True((await application.ExecuteAsync("server", KnownResourceCommands.StartCommand)).Success);
        await application.WaitForStateAsync("server", KnownResourceStates.Running);
        Assert.False((await application.ExecuteAsync("server", KnownResourceCommands.StartCommand)).Success);
    }

    [Fact]
    public async Task A_process_that_ignores_the_request_to_end_is_killed_with_all_that_it_started()
    {
        await using var application = new ShellApplication();
        application.Add("stubborn", "trap '' TERM; (trap '' TERM; echo child $$; exec sleep 300) & echo pid $!; wait", stopTimeout: TimeSpan.FromMilliseconds(300));
        await application.StartAsync(Cancellation);
        var child = int.Parse((await application.WaitForLineAsync("stubborn", line => line.StartsWith("pid ", StringComparison.Ordinal)))[4..], provider: null);

        await application.ExecuteAsync("stubborn", KnownResourceCommands.StopCommand);

        await application.WaitForStateAsync("stubborn", KnownResourceStates.Exited);
        Assert.True(ProcessTable.IsGone(child), $"process {child}, which stubborn had started, is still there");
    }

    [Fact]
    public async Task Resources_stop_before_those_that_they_waited_for()
    {
        await using var application = new ShellApplication();
        var store = application.Add("store", RunUntilAsked);
        application.Add("service", RunUntilAsked).WaitFor(store);
        await application.StartAsync(Cancellation);
        await application.WaitForLineAsync("service", line => line == "up");

        await application.Application.StopAsync(Cancellation);

        var stoppedService = await application.WaitForStateAsync("service", KnownResourceStates.Exited);
        var stoppedStore = await application.WaitForStateAsync("store", KnownResourceStates.Exited);
        Assert.True(stoppedService.StopTimeStamp <= stoppedStore.StopTimeStamp);
    }
}
