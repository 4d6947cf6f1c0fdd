using System.Text.Json;
using CrmMail.SystemTests.Processor;

namespace CrmMail.SystemTests.Cli;

/// <summary>The real program against the real system: from a broken webhook to a requeue, and a replay of it all.</summary>
public sealed class CommandLineTests(RunningApplication system) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private Mailbox _mailbox = null!;

    public async ValueTask InitializeAsync() => _mailbox = await Mailbox.OpenAsync(system);

    public ValueTask DisposeAsync() => _mailbox.DisposeAsync();

    [Fact]
    public async Task A_dead_letter_is_found_shown_requeued_and_recorded()
    {
        await _mailbox.SendAsync($$"""{"account":"{{_mailbox.Account}}","event":"messageNew","date":"2026-11-21T21:00:18.669Z"}""");
        var letter = await WaitForLetterAsync(requeues: 0);

        var shown = await CommandLine.RunAsync(system, "dead-letters", "show", letter.GetProperty("id").ToString());
        shown.AssertSuccess();
        Assert.Contains("\"date\": \"2026-11-21T21:00:18.669Z\"", shown.Out, StringComparison.Ordinal);

        var dry = await CommandLine.RunAsync(system, "dead-letters", "requeue", "--account", _mailbox.Account);
        dry.AssertSuccess();
        Assert.StartsWith("1 dead letter matches; 1 would be requeued.", dry.Out, StringComparison.Ordinal);
        Assert.EndsWith($"dead-letters requeue --account {_mailbox.Account} --execute\n", dry.Out, StringComparison.Ordinal);

        var done = await CommandLine.RunAsync(system, "dead-letters", "requeue", "--account", _mailbox.Account, "--execute");
        done.AssertSuccess();
        Assert.Equal("Requeued 1 of 1 dead letter.\n", done.Out);

        // It is as broken as before, and comes back.
        await WaitForLetterAsync(requeues: 1);
        var audit = await CommandLine.RunAsync(system, "audit", "--action", "dead-letters.requeue", "--json");
        audit.AssertSuccess();
        Assert.Contains(_mailbox.Account, audit.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_tells_what_it_would_do_and_how_to_have_it_done()
    {
        await _mailbox.SendAsync(_mailbox.MailFrom("nobody@example.org", $"{Guid.NewGuid():N}@example.org"));
        await _mailbox.WaitForOutcomesAsync(1);

        var replay = await CommandLine.RunAsync(system, "replay", "start", "--since", "1h", "--account", _mailbox.Account);
        var list = await CommandLine.RunAsync(system, "replay", "list", "--limit", "1");

        replay.AssertSuccess();
        Assert.StartsWith("It would change: 0 added, 0 changed, ", replay.Out, StringComparison.Ordinal);
        Assert.EndsWith($"replay start --since 1h --account {_mailbox.Account} --execute\n", replay.Out, StringComparison.Ordinal);
        list.AssertSuccess();
        Assert.Contains("verify", list.Out, StringComparison.Ordinal);
        Assert.Contains("completed", list.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay-last-hour", "Started; ./crm-mail replay show ")]
    [InlineData("requeue-dead-letters", "dead letters")]
    public async Task The_application_host_offers_the_same_as_a_command_of_the_Api(string command, string message)
    {
        var result = await system.Application.ResourceCommands.ExecuteCommandAsync("api", command, TestContext.Current.CancellationToken);

        Assert.True(result.Success, result.Message);
        Assert.Contains(message, result.Message, StringComparison.Ordinal);
    }

    private async Task<JsonElement> WaitForLetterAsync(int requeues)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            var list = await CommandLine.RunAsync(system, "dead-letters", "list", "--account", _mailbox.Account, "--state", "open", "--json");
            list.AssertSuccess();
            if (JsonElement.Parse(list.Out).GetProperty("items").EnumerateArray().FirstOrDefault(letter => letter.GetProperty("requeues").GetInt32() == requeues)
                is { ValueKind: JsonValueKind.Object } letter)
            {
                return letter;
            }

            Assert.False(deadline.IsCancellationRequested, $"no open letter that was requeued {requeues} times: {list.Out}");
        }
    }
}
