using CrmMail.Cli.Tests.Running;

namespace CrmMail.Cli.Tests;

/// <summary>A run is watched until it ends, and how it ends is the exit code.</summary>
public sealed class FollowTests
{
    private const string Line = "dead-letters requeue --all --execute";

    [Theory]
    [InlineData("completed", 12, 0, null, 0, "Requeued 12 of 12 dead letters.\n", "")]
    [InlineData("completed", 10, 2, null, 1, "Requeued 10 of 12 dead letters; 2 stay as they were, for Kafka has them no longer or does not take them.\n", "")]
    [InlineData("failed", 3, 0, "The topic is gone.", 1, "Requeued 3 of 12 dead letters.\n", "crm-mail: the run failed: The topic is gone.\n")]
    [InlineData("cancelled", 3, 0, null, 1, "Requeued 3 of 12 dead letters.\n", "crm-mail: the run was cancelled by somebody: crm-mail audit tells by whom.\n")]
    public async Task The_end_of_a_run_is_the_exit_code(string state, long done, long failed, string? cause, int code, string output, string error)
    {
        await using var server = await FakeServer.StartAsync(new(Samples.Accepted, 202), new(Samples.DeadLetterRun(state, done, failed: failed, error: cause)));

        var run = await CommandLineRun.ExecuteAsync(Line, server);

        Assert.Equal((code, output, error), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task A_run_that_takes_longer_shows_its_progress_in_lines_where_there_is_no_screen()
    {
        var steps = Enumerable.Range(0, 60).Select(step => new FakeAnswer(Samples.DeadLetterRun("running", done: 10 * step, total: 1000)));
        await using var server = await FakeServer.StartAsync([new(Samples.Accepted, 202), .. steps, new(Samples.DeadLetterRun("completed", done: 1000, total: 1000))]);

        var run = await CommandLineRun.ExecuteAsync(Line, server, new HurryingTime());

        Assert.Equal((0, "Requeued 1,000 of 1,000 dead letters.\n"), (run.ExitCode, run.Out));
        Assert.Equal(
            """
            run: 4 %  40/1,000  20/s  ETA 48 s
            run: 24 %  240/1,000  20/s  ETA 38 s
            run: 44 %  440/1,000  20/s  ETA 28 s

            """,
            run.Error);
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_moment_does_not_end_the_watch()
    {
        var away = FakeAnswer.Problem(503, "database-unavailable", "The database does not answer.");
        await using var server = await FakeServer.StartAsync([new(Samples.Accepted, 202), new(Samples.DeadLetterRun("running")), .. Enumerable.Repeat(away, 20), new(Samples.DeadLetterRun("completed", 12))]);

        var run = await CommandLineRun.ExecuteAsync(Line, server, new HurryingTime());

        Assert.Equal((0, "Requeued 12 of 12 dead letters.\n"), (run.ExitCode, run.Out));
        Assert.Contains("the server does not answer", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_away_ends_the_watch_and_not_the_run()
    {
        await using var server = await FakeServer.StartAsync(
            new(Samples.Accepted, 202), new(Samples.DeadLetterRun("running")), FakeAnswer.Problem(503, "database-unavailable", "The database does not answer.", retryAfter: "5"));

        var run = await CommandLineRun.ExecuteAsync(Line, server, new HurryingTime());

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.EndsWith(
            $"No longer following: the run goes on. See it: crm-mail dead-letters runs show {Samples.RunId}; cancel it: crm-mail dead-letters runs cancel {Samples.RunId}\n"
            + $"crm-mail: The database does not answer: try again in 5 s, or look at the server's health ({server.Url}/health).\n",
            run.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Line, "dead-letters runs")]
    [InlineData("replay start --since 1h", "replay")]
    [InlineData("reconcile amy", "reconcile")]
    public async Task Ctrl_C_ends_the_watch_and_says_that_the_run_goes_on(string line, string command)
    {
        using var interrupt = new CancellationTokenSource();
        FakeAnswer[] answers = line.Split(' ')[0] switch
        {
            "replay" => [new(Samples.Replay("queued"), 202), new(Samples.Replay("running"))],
            "reconcile" => [new(Samples.Reconciliation("queued"), 202), new(Samples.Reconciliation("running"))],
            _ => [new(Samples.Accepted, 202), new(Samples.DeadLetterRun("running"))],
        };
        await using var server = await FakeServer.StartAsync(answers);
        server.Asked = count =>
        {
            if (count == 4)
            {
                interrupt.Cancel();
            }
        };

        var run = await CommandLineRun.ExecuteAsync(line, server, new HurryingTime(), interrupt: interrupt);

        Assert.Equal((130, ""), (run.ExitCode, run.Out));
        Assert.EndsWith($"See it: crm-mail {command} show {Samples.RunId}; cancel it: crm-mail {command} cancel {Samples.RunId}\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Line.EndsWith("/cancel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_waits_for_the_mailboxes_of_all_accounts()
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer("""{"execute":true,"runs":42}""", 202));

        var run = await CommandLineRun.ExecuteAsync("reconcile --all --execute", server);

        Assert.Equal((0, "42 accounts will be compared, one after the other. See how far it is: crm-mail reconcile list\n"), (run.ExitCode, run.Out));
        Assert.Equal(new FakeRequest("POST /api/reconciliations", $"Bearer {CommandLineRun.Key}", """{"all":true,"execute":true}"""), Assert.Single(server.Requests));
    }
}
