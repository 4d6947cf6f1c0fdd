using System.Text;
using CrmMail.Cli.Console;
using CrmMail.Cli.Tests.Running;

namespace CrmMail.Cli.Tests;

/// <summary>What is seen on the screen, and what programs read.</summary>
public sealed class OutputTests
{
    [Theory]
    [InlineData("dead-letters list")]
    [InlineData("dead-letters stats")]
    [InlineData("dead-letters runs")]
    [InlineData("replay list")]
    [InlineData("reconcile list")]
    [InlineData("audit")]
    public async Task A_table_fits_into_80_columns(string line)
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Wide(line)));

        var run = await CommandLineRun.ExecuteAsync(line, server);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.InRange(run.Out.Split('\n').Max(row => row.Length), 40, 80);
    }

    [Fact]
    public async Task A_narrow_screen_shows_what_matters_and_a_wide_one_everything()
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Letters()));

        var narrow = await CommandLineRun.ExecuteAsync("dead-letters list", server, width: 50);
        var wide = await CommandLineRun.ExecuteAsync("dead-letters list", server, width: 160);

        Assert.Equal(
            """
            ID  STATE  REASON  ACCOUNT  FAILED
            17  open   schema  amy      2026-11-26T09:00:00Z

            """,
            narrow.Out);
        Assert.Equal(
            """
            ID  STATE  REASON  ACCOUNT  EVENT       FAILED                FINGERPRINT       DETAIL
            17  open   schema  amy      messageNew  2026-11-26T09:00:00Z  5f1c9a0b7d3e2468  "data" is missing or no object.

            """,
            wide.Out);
    }

    [Theory]
    [InlineData("dead-letters list")]
    [InlineData("dead-letters requeue --all")]
    [InlineData("replay start --since 1h")]
    public async Task Json_is_the_servers_own_to_the_byte(string line)
    {
        var json = line switch
        {
            "dead-letters list" => Samples.Letters(next: "abc"),
            "dead-letters requeue --all" => """{ "execute":false,"matches":1, "requeueable":1,"withheld":0,"byReason":[],"later":"Grüße \u001b" }""",
            _ => Samples.Replay("completed", done: 12_000),
        };
        await using var server = await FakeServer.StartAsync(new FakeAnswer(json));

        var run = await CommandLineRun.ExecuteAsync($"{line} --json", server);

        Assert.Equal((0, json.TrimEnd('\n') + "\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task A_list_that_goes_on_says_how_to_come_to_the_rest()
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Letters(next: "abc")));

        var run = await CommandLineRun.ExecuteAsync("dead-letters list", server);

        Assert.EndsWith("There are more: add --cursor abc\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_letter_reaches_the_terminal_as_a_command()
    {
        const string Hostile = """{"subject":"\u001b]0;owned\u0007 \u202egnp.exe"}""";
        var letter = Samples.Letter.TrimEnd()[..^1] + $$"""
            ,"headers":{"x\u001b[2J":"y\u009b1m"},"keyText":"amy\r\u001b[A","bodySize":40,"body":{{System.Text.Json.JsonSerializer.Serialize(Hostile)}},"bodyBase64":null,"error":null,"audit":[]}
            """;
        await using var server = await FakeServer.StartAsync(new FakeAnswer(letter.Replace("messageNew", "new\\u001b[31m", StringComparison.Ordinal)));

        var run = await CommandLineRun.ExecuteAsync("dead-letters show 17", server);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.DoesNotContain(run.Out, character => character != '\n' && (char.IsControl(character) || character == '\u202e'));
        Assert.Contains("""x\u001b[2J""", run.Out, StringComparison.Ordinal);
        Assert.Contains("""amy\u000d\u001b[A""", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_of_dead_letters_tells_what_would_be_done_and_how_to_do_it()
    {
        await using var server = await FakeServer.StartAsync(new FakeAnswer(Samples.Plan));

        var run = await CommandLineRun.ExecuteAsync("dead-letters requeue --reason schema", server);

        Assert.Equal(
            """
            12 dead letters match; 11 would be requeued.
            REASON  LETTERS
            schema       12
            1 would be withheld: they were put back 5 times and failed again. --force takes them too.
            This was a dry run: nothing was changed. To do it:
              crm-mail dead-letters requeue --reason schema --execute

            """,
            run.Out);
    }

    [Fact]
    public async Task A_dry_run_of_a_replay_tells_what_would_change_and_how_to_do_it()
    {
        await using var server = await FakeServer.StartAsync(new(Samples.Replay("queued"), 202), new(Samples.Replay("completed", done: 12_000)));

        var run = await CommandLineRun.ExecuteAsync("replay start --since 1h", server);

        Assert.Equal(
            $"""
            It would change: 12 added, 1 changed, 1,388 unchanged, 5,599 skipped, in 12,000 records.
            The changes one by one: crm-mail replay changes {Samples.RunId}
            This was a dry run: nothing was changed. To do it:
              crm-mail replay start --since 1h --execute

            """,
            run.Out);
    }

    [Theory]
    [InlineData(true, "\e[1mSTATE\e[0m\n\e[32mgood \e[0m\n")]
    [InlineData(false, "STATE\ngood\n")]
    public void A_table_is_in_colour_only_where_there_are_colours(bool hasColour, string expected)
    {
        using var output = new MemoryStream();
        var terminal = new Terminal(output, TextWriter.Null) { HasColour = hasColour };

        terminal.Write<string>([new("STATE", text => text) { Tone = _ => Tone.Good }], ["good"]);

        Assert.Equal(expected, Encoding.UTF8.GetString(output.ToArray()));
    }

    private static string Wide(string line)
    {
        const string Long = "an-account-with-a-name-that-is-longer-than-any-column-of-any-table";
        return line switch
        {
            "dead-letters list" => Samples.Letters().Replace("\"amy\"", $"\"{Long}\"", StringComparison.Ordinal).Replace("\"schema\"", "\"row_rejected\"", StringComparison.Ordinal),
            "dead-letters stats" => $$"""{"items":[{"fingerprint":"5f1c9a0b7d3e2468","reason":"row_rejected","detail":"{{Long}}","open":1200000,"requeued":3,"discarded":0,"accounts":4,"firstFailedAt":"2026-11-26T09:00:00Z","lastFailedAt":"2026-11-26T10:00:00Z"}],"next":null}""",
            "dead-letters runs" => $$"""{"items":[{{Samples.DeadLetterRun("completed", 1_234_567, 1_234_567)}}],"next":null}""",
            "replay list" => $$"""{"items":[{{Samples.Replay("completed", 12_000, "rebuild")}}],"next":null}""",
            "reconcile list" => $$"""{"items":[{{Samples.Reconciliation("completed", Long)}}],"next":null}""",
            _ => $$"""{"items":[{"id":1,"at":"2026-11-26T09:00:00Z","actor":"{{Long}}","action":"dead-letters.requeue","request":{"filter":{"reason":"schema"},"force":false},"runId":"{{Samples.RunId}}","result":{"state":"completed","total":12,"done":12,"failed":0} }],"next":null}""",
        };
    }
}
