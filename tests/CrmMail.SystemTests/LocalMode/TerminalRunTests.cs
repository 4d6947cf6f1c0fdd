using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;

namespace CrmMail.SystemTests.LocalMode;

[UnsupportedOSPlatform("windows")]
public sealed class TerminalRunTests
{
    [Fact]
    public async Task A_run_says_where_everything_is_and_stops_all_of_it_when_asked()
    {
        await using var run = new TerminalRun();
        await run.WaitUntilHealthyAsync();
        var processes = run.Descendants();

        var places = JsonSerializer.Deserialize<Dictionary<string, string>>(run.RunFile!)!;
        Assert.Superset(
            new HashSet<string> { "api", "ingest", "emailengine", "dashboard", "kafka", "postgres", "redis", "apiKey", "webhookSecret" },
            places.Keys.ToHashSet());
        using (var client = new HttpClient())
        {
            foreach (var service in (string[])["api", "ingest", "emailengine"])
            {
                using var answer = await client.GetAsync(new Uri($"{places[service]}/health"), TestContext.Current.CancellationToken);
                Assert.True(answer.IsSuccessStatusCode, $"{service} answered {answer.StatusCode}");
            }
        }

        run.Signal(PosixSignal.SIGTERM);

        Assert.Equal(0, await run.WaitForExitAsync());
        await TerminalRun.AssertGoneAsync(processes);
        Assert.Null(run.RunFile);
    }

    [Fact]
    public async Task A_run_that_is_killed_leaves_no_process_behind()
    {
        await using var run = new TerminalRun();
        await run.WaitUntilHealthyAsync();
        var processes = run.Descendants();
        Assert.True(processes.Count >= 9, $"only {processes.Count} processes were found");

        run.KillHard();

        await TerminalRun.AssertGoneAsync(processes);
    }

    [Fact]
    public async Task A_resource_that_dies_turns_the_run_red()
    {
        await using var run = new TerminalRun();
        await run.WaitUntilHealthyAsync();

        TerminalRun.KillHard(run.Find("CrmMail.Ingest.dll"));

        await run.WaitForLineAsync(line => line.StartsWith("ingest ended with exit code 137", StringComparison.Ordinal));
        run.Signal(PosixSignal.SIGTERM);
        Assert.Equal(1, await run.WaitForExitAsync());
    }
}
