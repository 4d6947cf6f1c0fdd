using System.CommandLine;
using System.Text.Json;
using CrmMail.Cli.Console;
using CrmMail.Cli.Lists;

namespace CrmMail.Cli.Audit;

/// <summary><c>crm-mail audit</c>.</summary>
internal static class AuditCommand
{
    private const string Path = "api/audit";

    /// <summary>How a list of entries looks.</summary>
    public static readonly IReadOnlyList<Column<AuditEntry>> Columns =
    [
        new("AT", entry => Wording.Time(entry.At)),
        new("ACTOR", entry => entry.Actor) { Least = 8 },
        new("ACTION", entry => entry.Action),
        new("RUN", entry => entry.RunId?.ToString()) { IsOptional = true },
        new("RESULT", entry => Describe(entry.Result)) { Least = 10 },
        new("REQUEST", entry => Describe(entry.Request)) { Least = 20, IsOptional = true },
    ];

    public static Command Of(CommandRunner runner)
    {
        var action = Parsed.Text("--action", "Only entries of this action, such as replay.start", "name");
        var run = new Option<Guid?>("--run") { Description = "Only entries of this run", HelpName = "id" };
        var command = new ExampleCommand("audit", "List what operators asked for, newest first", "audit", "audit --action dead-letters.requeue --limit 10") { action, run };
        var page = new PageOptions(command);
        runner.Let(command, async (call, cancellationToken) =>
        {
            var query = page.Query(call.Line).Add("action", call.Line.GetValue(action)).Add("runId", call.Line.GetValue(run)?.ToString());
            call.ShowPage(await call.Api.GetAsync(query.On(Path), AuditJson.Default.PageAuditEntry, cancellationToken), Columns, "no entries");
            return ExitCode.Success;
        });
        return command;
    }

    private static string? Describe(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Object } members => string.Join(", ", members.EnumerateObject().Where(IsTold).Select(member => $"{member.Name} {Describe(member.Value)}")),
        { ValueKind: JsonValueKind.Null } or null => null,
        { } other => other.ToString(),
    };

    private static bool IsTold(JsonProperty member) => member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False);
}
