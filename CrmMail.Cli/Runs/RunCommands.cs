using System.CommandLine;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;
using CrmMail.Cli.Lists;

namespace CrmMail.Cli.Runs;

/// <summary>What can be done with runs of every kind.</summary>
internal static class RunCommands
{
    /// <summary>Lists the runs.</summary>
    /// <param name="runner">Carries it out.</param>
    /// <param name="kind">The kind of runs.</param>
    /// <param name="command">The command that lists them.</param>
    /// <param name="narrow">Further options of the list that stand in its address.</param>
    public static Command Lists<TRun>(this CommandRunner runner, RunKind<TRun> kind, Command command, Action<ParseResult, Query>? narrow = null) where TRun : Run
    {
        var page = new PageOptions(command);
        runner.Let(command, async (call, cancellationToken) =>
        {
            var query = page.Query(call.Line);
            narrow?.Invoke(call.Line, query);
            call.ShowPage(await call.Api.GetAsync(query.On(kind.Path), kind.PageJson, cancellationToken), kind.Columns, $"no {kind.Noun}s");
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Shows a run.</summary>
    public static Command Show<TRun>(CommandRunner runner, RunKind<TRun> kind) where TRun : Run
    {
        var id = Parsed.RunId(kind.Noun);
        var follow = Parsed.Flag("--follow", "Wait for its end, as the command that started it does");
        var command = new ExampleCommand("show", $"Show a {kind.Noun}, and how far it is", $"{kind.Command} show 0198d5a5-7c00-7000-8000-0242ac120003") { id, follow };
        runner.Let(command, async (call, cancellationToken) =>
        {
            var run = call.Line.GetRequiredValue(id);
            var answer = await call.Api.GetAsync(kind.PathOf(run), kind.Json, cancellationToken);
            if (call.Line.GetValue(follow))
            {
                answer = await new RunFollower<TRun>(kind, call).FollowAsync(run, cancellationToken);
            }

            call.Show(answer, shown => kind.Describe(call.Terminal, shown));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Ends a run.</summary>
    public static Command Cancel<TRun>(CommandRunner runner, RunKind<TRun> kind) where TRun : Run
    {
        var id = Parsed.RunId(kind.Noun);
        var command = new ExampleCommand(
            "cancel", $"Cancel a {kind.Noun}, at once; what it has done stays done", $"{kind.Command} cancel 0198d5a5-7c00-7000-8000-0242ac120003") { id };
        runner.Let(command, async (call, cancellationToken) =>
        {
            var answer = await call.Api.PostAsync($"{kind.PathOf(call.Line.GetRequiredValue(id))}/cancel", kind.Json, cancellationToken);
            call.Show(answer, run => call.Remark(run.State == "cancelled"
                ? $"Cancelled. {kind.Outcome(run)}"
                : $"It is {Printable.Line(run.State)} already: nothing was changed. {kind.Outcome(run)}"));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Follows a run that was just started, unless the caller does not want to wait, and tells what came of it.</summary>
    /// <param name="call">The command line that started it.</param>
    /// <param name="kind">The kind of run.</param>
    /// <param name="id">The run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> FinishAsync<TRun>(this Call call, RunKind<TRun> kind, Guid id, CancellationToken cancellationToken) where TRun : Run
    {
        var answer = await new RunFollower<TRun>(kind, call).FollowAsync(id, cancellationToken);
        var run = answer.Value;
        call.Show(answer, _ => call.Remark(kind.Outcome(run)));
        return run switch
        {
            { State: "failed" } => throw new ServerException($"the {kind.Noun} failed: {Printable.Line(run.Error?.TrimEnd('.') ?? "it does not say why")}"),
            { State: "cancelled" } => throw new ServerException($"the {kind.Noun} was cancelled by somebody: {call.Program} audit tells by whom"),
            { Progress.Failed: > 0 } => ExitCode.Failure,
            _ => ExitCode.Success,
        };
    }

    /// <summary>Says where a run is that nobody waits for.</summary>
    public static void Leave<TRun>(this Call call, RunKind<TRun> kind, TRun run) where TRun : Run =>
        call.Remark($"Started. See it: {call.Program} {kind.Command} show {run.Id}; cancel it: {call.Program} {kind.Command} cancel {run.Id}");
}
