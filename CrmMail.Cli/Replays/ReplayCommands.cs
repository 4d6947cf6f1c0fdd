using System.CommandLine;
using System.Globalization;
using CrmMail.Cli.Console;
using CrmMail.Cli.Lists;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.Replays;

/// <summary><c>crm-mail replay</c>.</summary>
internal static class ReplayCommands
{
    private static readonly IReadOnlyList<Column<ReplayChange>> ChangeColumns =
    [
        new("KIND", change => change.Kind),
        new("ACCOUNT", change => change.AccountId) { Least = 8 },
        new("ACTIVITY", change => change.ActivityId?.ToString(CultureInfo.InvariantCulture)) { IsNumber = true },
        new("RECORD", change => $"{change.Partition}:{change.Offset}"),
        new("REASON", change => change.Reason) { Least = 12 },
        new("EVENT", change => change.EventId) { Least = 16, IsOptional = true },
    ];

    public static Command Of(CommandRunner runner) => new ExampleCommand(
        "replay",
        "Read events once more: see what is missing or wrong, and put it right",
        "replay start --since 1h",
        "replay start --since 1h --execute")
    {
        ReplayStartCommand.Of(runner),
        runner.Lists(ReplayRun.Kind, new ExampleCommand("list", "List replays, newest first", "replay list")),
        RunCommands.Show(runner, ReplayRun.Kind),
        Changes(runner),
        RunCommands.Cancel(runner, ReplayRun.Kind),
    };

    private static ExampleCommand Changes(CommandRunner runner)
    {
        var id = Parsed.RunId(ReplayRun.Kind.Noun);
        var kind = Parsed.Word("--kind", "Only changes of this kind", "added", "changed", "moved", "removed");
        var command = new ExampleCommand(
            "changes", "List what a replay changed or, of a verify, would change", "replay changes 0198d5a5-7c00-7000-8000-0242ac120003 --kind added") { id, kind };
        var page = new PageOptions(command);
        runner.Let(command, async (call, cancellationToken) =>
        {
            var path = page.Query(call.Line).Add("kind", call.Line.GetValue(kind)).On($"{ReplayRun.Kind.PathOf(call.Line.GetRequiredValue(id))}/changes");
            call.ShowPage(await call.Api.GetAsync(path, ReplayJson.Default.PageReplayChange, cancellationToken), ChangeColumns, "no such changes");
            return ExitCode.Success;
        });
        return command;
    }
}
