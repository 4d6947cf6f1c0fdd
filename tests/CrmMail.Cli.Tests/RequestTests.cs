using CrmMail.Cli.Tests.Running;

namespace CrmMail.Cli.Tests;

/// <summary>What a command line sends.</summary>
public sealed class RequestTests
{
    private const string Id = Samples.RunId;

    [Theory]
    [InlineData("dead-letters list", "GET /api/dead-letters")]
    [InlineData("dead-letters list --state open --reason schema --limit 10", "GET /api/dead-letters?limit=10&state=open&reason=schema")]
    [InlineData("dead-letters list --account a/b&c --source emailengine --event messageNew", "GET /api/dead-letters?account=a%2Fb%26c&source=emailengine&event=messageNew")]
    [InlineData("dead-letters list --fingerprint 5f1c9a0b7d3e2468 --cursor abc==", "GET /api/dead-letters?cursor=abc%3D%3D&fingerprint=5f1c9a0b7d3e2468")]
    [InlineData("dead-letters list --from 2026-11-26 --to 2026-11-26T10:30:15.25+01:00", "GET /api/dead-letters?from=2026-11-26T00%3A00%3A00Z&to=2026-11-26T09%3A30%3A15.25Z")]
    [InlineData("dead-letters stats --limit 5", "GET /api/dead-letters/stats?limit=5")]
    [InlineData("dead-letters runs", "GET /api/dead-letters/runs")]
    [InlineData("replay list --limit 3", "GET /api/replays?limit=3")]
    [InlineData($"replay changes {Id} --kind added", $"GET /api/replays/{Id}/changes?kind=added")]
    [InlineData($"reconcile mails {Id} --limit 7", $"GET /api/reconciliations/{Id}/mails?limit=7")]
    [InlineData("reconcile list --account amy", "GET /api/reconciliations?account=amy")]
    [InlineData($"audit --action replay.start --run {Id}", $"GET /api/audit?action=replay.start&runId={Id}")]
    public async Task A_list_asks_for_what_its_options_say(string line, string request)
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Nothing));

        var run = await CommandLineRun.ExecuteAsync(line, server);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(request, Assert.Single(server.Requests).Line);
    }

    [Theory]
    [InlineData("requeue 17 18", "requeue", """{"filter":{"ids":[17,18]},"all":false,"force":false,"execute":false}""")]
    [InlineData("requeue --all", "requeue", """{"all":true,"force":false,"execute":false}""")]
    [InlineData("requeue --all --state requeued", "requeue", """{"filter":{"state":"requeued"},"all":true,"force":false,"execute":false}""")]
    [InlineData(
        "requeue --reason schema --account amy --rate 50 --limit 7 --force --note fixed",
        "requeue",
        """{"filter":{"reason":"schema","account":"amy"},"all":false,"ratePerSecond":50,"limit":7,"force":true,"note":"fixed","execute":false}""")]
    [InlineData("discard --fingerprint 5f1c9a0b7d3e2468 --to 2026-11-01", "discard", """{"filter":{"fingerprint":"5f1c9a0b7d3e2468","to":"2026-11-01T00:00:00+00:00"},"all":false,"force":false,"execute":false}""")]
    public async Task An_order_about_dead_letters_is_a_dry_run_unless_told_otherwise(string line, string action, string body)
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Plan));

        var run = await CommandLineRun.ExecuteAsync($"dead-letters {line}", server);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(($"POST /api/dead-letters/{action}", body), Sent(Assert.Single(server.Requests)));
    }

    [Fact]
    public async Task An_executed_order_is_sent_once_and_its_run_is_followed()
    {
        await using var server = await FakeServer.StartAsync(new(Samples.Accepted, 202), new(Samples.DeadLetterRun("completed", done: 12)));

        var run = await CommandLineRun.ExecuteAsync("dead-letters requeue --all --execute", server);

        Assert.Equal((0, "Requeued 12 of 12 dead letters.\n"), (run.ExitCode, run.Out));
        Assert.Equal(
            [("POST /api/dead-letters/requeue", """{"all":true,"force":false,"execute":true}"""), ($"GET /api/dead-letters/runs/{Id}", "")],
            server.Requests.Select(Sent));
    }

    [Theory]
    [InlineData("--since 1h", """{"range":{"all":false,"since":"1h"},"allowTrimmed":false,"execute":false}""")]
    [InlineData("--all --mode rebuild --execute", """{"mode":"rebuild","range":{"all":true},"allowTrimmed":false,"execute":true}""")]
    [InlineData("--offsets 3:100-200 0:7- 1:-9", """{"range":{"all":false,"fromOffsets":{"3":100,"0":7},"toOffsets":{"3":201,"1":10}},"allowTrimmed":false,"execute":false}""")]
    [InlineData(
        "--from 2026-11-26T09:00 --partitions 0,3 --account amy --event messageNew --rate 500 --pause-at-lag 5 --allow-trimmed",
        """{"range":{"all":false,"from":"2026-11-26T09:00:00+00:00"},"partitions":[0,3],"account":"amy","event":"messageNew","ratePerSecond":500,"pauseAtLagSeconds":5,"allowTrimmed":true,"execute":false}""")]
    public async Task A_replay_is_started_as_its_options_say(string line, string body)
    {
        await using var server = await FakeServer.StartAsync(new(Samples.Replay("queued"), 202), new(Samples.Replay("completed", done: 12_000)));

        var run = await CommandLineRun.ExecuteAsync($"replay start {line}", server);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal([("POST /api/replays", body), ($"GET /api/replays/{Id}", "")], server.Requests.Select(Sent));
    }

    [Theory]
    [InlineData("amy", "POST /api/accounts/amy/reconcile", """{"execute":false}""")]
    [InlineData("a/b --since 2026-11-26 --execute", "POST /api/accounts/a%2Fb/reconcile", """{"since":"2026-11-26T00:00:00+00:00","execute":true}""")]
    [InlineData("-- list", "POST /api/accounts/list/reconcile", """{"execute":false}""")]
    public async Task A_reconciliation_is_started_for_an_account(string line, string request, string body)
    {
        await using var server = await FakeServer.StartAsync(new(Samples.Reconciliation("queued"), 202), new(Samples.Reconciliation("completed")));

        var run = await CommandLineRun.ExecuteAsync($"reconcile {line}", server);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal([(request, body), ($"GET /api/reconciliations/{Id}", "")], server.Requests.Select(Sent));
    }

    [Theory]
    [InlineData("dead-letters runs cancel", "dead-letters/runs")]
    [InlineData("replay cancel", "replays")]
    [InlineData("reconcile cancel", "reconciliations")]
    public async Task A_run_is_cancelled_at_once(string line, string path)
    {
        var answer = path switch
        {
            "replays" => Samples.Replay("cancelled"),
            "reconciliations" => Samples.Reconciliation("cancelled"),
            _ => Samples.DeadLetterRun("cancelled"),
        };
        await using var server = await FakeServer.StartAsync(new FakeAnswer(answer));

        var run = await CommandLineRun.ExecuteAsync($"{line} {Id}", server);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Cancelled. ", run.Out, StringComparison.Ordinal);
        Assert.Equal(($"POST /api/{path}/{Id}/cancel", ""), Sent(Assert.Single(server.Requests)));
    }

    [Theory]
    [InlineData("dead-letters requeue --all --execute --detach")]
    [InlineData("replay start --since 1h --detach")]
    [InlineData("reconcile amy --detach")]
    public async Task A_run_that_nobody_waits_for_is_left_alone(string line)
    {
        var answer = line.Split(' ')[0] switch { "replay" => Samples.Replay("queued"), "reconcile" => Samples.Reconciliation("queued"), _ => Samples.Accepted };
        await using var server = await FakeServer.StartAsync(new FakeAnswer(answer, 202));

        var run = await CommandLineRun.ExecuteAsync(line, server);

        Assert.Equal(0, run.ExitCode);
        Assert.Single(server.Requests);
        Assert.Contains($"show {Id}", run.Out, StringComparison.Ordinal);
        Assert.Contains($"cancel {Id}", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_shows_the_key()
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Nothing));

        await CommandLineRun.ExecuteAsync("audit", server);
        await CommandLineRun.ExecuteAsync("audit --key another-key", server);

        Assert.Equal([$"Bearer {CommandLineRun.Key}", "Bearer another-key"], server.Requests.Select(request => request.Authorization));
    }

    private static (string Line, string Body) Sent(FakeRequest request) => (request.Line, request.Body);
}
