using System.CommandLine;
using System.Globalization;
using CrmMail.Cli.Console;
using CrmMail.Cli.Lists;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.DeadLetters;

/// <summary><c>crm-mail dead-letters</c>.</summary>
internal static class DeadLetterCommands
{
    /// <summary>Where they are in the Api.</summary>
    public const string Path = "api/dead-letters";

    private static readonly IReadOnlyList<Column<DeadLetter>> LetterColumns =
    [
        new("ID", letter => letter.Id.ToString(CultureInfo.InvariantCulture)) { IsNumber = true },
        new("STATE", letter => letter.State) { Tone = letter => letter.State == "open" ? Tone.Bad : Tone.Plain },
        new("REASON", letter => letter.Reason),
        new("ACCOUNT", letter => letter.Account) { Least = 8 },
        new("EVENT", letter => letter.Event) { Least = 8, IsOptional = true },
        new("FAILED", letter => Wording.Time(letter.FailedAt)),
        new("FINGERPRINT", letter => letter.Fingerprint) { IsOptional = true },
        new("DETAIL", letter => letter.Detail) { Least = 20, IsOptional = true },
    ];

    private static readonly IReadOnlyList<Column<DeadLetterCause>> CauseColumns =
    [
        new("FINGERPRINT", cause => cause.Fingerprint),
        new("REASON", cause => cause.Reason),
        new("OPEN", cause => Wording.Number(cause.Open)) { IsNumber = true, Tone = cause => cause.Open > 0 ? Tone.Bad : Tone.Plain },
        new("REQUEUED", cause => Wording.Number(cause.Requeued)) { IsNumber = true },
        new("DISCARDED", cause => Wording.Number(cause.Discarded)) { IsNumber = true },
        new("DETAIL", cause => cause.Detail) { Least = 12 },
        new("ACCOUNTS", cause => Wording.Number(cause.Accounts)) { IsNumber = true, IsOptional = true },
        new("LAST FAILED", cause => Wording.Time(cause.LastFailedAt)) { IsOptional = true },
    ];

    public static Command Of(CommandRunner runner) => new ExampleCommand(
        "dead-letters",
        "Records that could not be processed: look at them, put them back, discard them",
        "dead-letters stats",
        "dead-letters requeue --reason schema --execute")
    {
        List(runner),
        LetterCommand.Of(runner),
        Stats(runner),
        OrderCommand.Requeue(runner),
        OrderCommand.Discard(runner),
        ExportCommand.Of(runner),
        Runs(runner),
    };

    private static ExampleCommand List(CommandRunner runner)
    {
        var command = new ExampleCommand("list", "List dead letters, newest first", "dead-letters list --state open", "dead-letters list --reason schema --account amy --from 2026-11-26");
        var filter = new FilterOptions(command);
        var page = new PageOptions(command);
        runner.Let(command, async (call, cancellationToken) =>
        {
            var path = filter.AddTo(page.Query(call.Line), call.Line).On(Path);
            call.ShowPage(await call.Api.GetAsync(path, DeadLetterJson.Default.PageDeadLetter, cancellationToken), LetterColumns, "no such dead letters");
            return ExitCode.Success;
        });
        return command;
    }

    private static ExampleCommand Stats(CommandRunner runner)
    {
        var command = new ExampleCommand("stats", "Count dead letters by their cause, most open ones first", "dead-letters stats");
        var page = new PageOptions(command);
        runner.Let(command, async (call, cancellationToken) =>
        {
            var path = page.Query(call.Line).On($"{Path}/stats");
            call.ShowPage(await call.Api.GetAsync(path, DeadLetterJson.Default.PageDeadLetterCause, cancellationToken), CauseColumns, "no dead letters");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Runs(CommandRunner runner)
    {
        var command = new ExampleCommand("runs", "List the runs of requeue and discard, newest first", "dead-letters runs")
        {
            RunCommands.Show(runner, DeadLetterRun.Kind),
            RunCommands.Cancel(runner, DeadLetterRun.Kind),
        };
        return runner.Lists(DeadLetterRun.Kind, command);
    }
}
