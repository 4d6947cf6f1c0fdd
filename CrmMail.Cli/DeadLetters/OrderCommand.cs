using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.DeadLetters;

/// <summary><c>crm-mail dead-letters requeue</c> and <c>discard</c>.</summary>
internal sealed class OrderCommand
{
    private readonly string _name;
    private readonly Argument<long[]> _ids = Parsed.Ids("Letters by their ids");
    private readonly Option<bool> _all = Parsed.Flag("--all", "All open letters (or all in the --state)");
    private readonly Option<long?> _limit = Parsed.Number("--limit", "The most letters, the oldest ones");
    private readonly Option<long?> _rate = Parsed.Number("--rate", "The most letters per second (100 if not given)", most: 10_000);
    private readonly Option<bool> _force = Parsed.Flag("--force", "Also letters that were put back 5 times and failed again");
    private readonly Option<string?> _note = Parsed.Text("--note", "Why, for the audit", "text");
    private readonly Option<bool> _execute = Parsed.Flag("--execute", "Do it; without it the command only tells what it would do");
    private readonly Option<bool> _detach = Parsed.Flag("--detach", "Do not wait for the end");
    private readonly FilterOptions _filter;

    private OrderCommand(string name, string description, CommandRunner runner, params string[] examples)
    {
        _name = name;
        Command = new ExampleCommand(name, description, examples) { _ids, _all };
        _filter = new FilterOptions(Command);
        foreach (var option in (Option[])[_limit, _rate, _note, _execute, _detach])
        {
            Command.Add(option);
        }

        runner.Let(Command, RunAsync);
    }

    private ExampleCommand Command { get; }

    public static Command Requeue(CommandRunner runner)
    {
        var requeue = new OrderCommand(
            "requeue",
            "Put dead letters back, so that they are processed once more",
            runner,
            "dead-letters requeue 17 18 --execute",
            "dead-letters requeue --fingerprint 5f1c9a0b7d3e2468 --rate 50 --note \"the rule was fixed\"",
            "dead-letters requeue --all --execute");
        requeue.Command.Add(requeue._force);
        return requeue.Command;
    }

    public static Command Discard(CommandRunner runner) => new OrderCommand(
        "discard",
        "Leave dead letters unprocessed for good; they can still be listed",
        runner,
        "dead-letters discard 17 --execute",
        "dead-letters discard --reason decode --to 2026-11-01 --note \"a broken sender\"").Command;

    private async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var order = Read(call.Line);
        return order.Execute ? await ExecuteAsync(call, order, cancellationToken) : await PlanAsync(call, order, cancellationToken);
    }

    private DeadLetterOrder Read(ParseResult line)
    {
        var filter = _filter.Read(line, line.GetValue(_ids));
        var isAll = line.GetValue(_all);
        var isNarrow = filter with { State = null } != new DeadLetterFilter();
        if (isAll == isNarrow)
        {
            throw new UsageException(isAll ? "--all, or ids and conditions: not both" : $"say which letters to {_name}: ids, conditions such as --reason or --fingerprint, or --all");
        }

        return new DeadLetterOrder
        {
            Filter = filter == new DeadLetterFilter() ? null : filter,
            All = isAll,
            RatePerSecond = line.GetValue(_rate),
            Limit = line.GetValue(_limit),
            Force = line.GetValue(_force),
            Note = line.GetValue(_note),
            Execute = line.GetValue(_execute),
        };
    }

    private async Task<int> PlanAsync(Call call, DeadLetterOrder order, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(call, order, DeadLetterJson.Default.DeadLetterPlan, cancellationToken);
        call.Show(answer, plan =>
        {
            call.Remark($"{Wording.Count(plan.Matches, "dead letter")} {(plan.Matches == 1 ? "matches" : "match")}; {Wording.Number(plan.Requeueable)} would be {_name}{(_name == "discard" ? "ed" : "d")}.");
            if (plan.ByReason is { Count: > 0 } reasons)
            {
                call.Terminal.Write<ReasonCount>([new("REASON", reason => reason.Reason), new("LETTERS", reason => Wording.Number(reason.Count)) { IsNumber = true }], reasons);
            }

            if (plan.Withheld > 0)
            {
                call.Remark($"{Wording.Number(plan.Withheld)} would be withheld: they were put back 5 times and failed again. --force takes them too.");
            }

            if (plan.Requeueable > 0)
            {
                call.ProposeExecute();
            }
        });
        return ExitCode.Success;
    }

    private async Task<int> ExecuteAsync(Call call, DeadLetterOrder order, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(call, order, DeadLetterJson.Default.AcceptedDeadLetterOrder, cancellationToken);
        if (!call.Line.GetValue(_detach))
        {
            return await call.FinishAsync(DeadLetterRun.Kind, answer.Value.Run.Id, cancellationToken);
        }

        call.Show(answer, accepted => call.Leave(DeadLetterRun.Kind, accepted.Run));
        return ExitCode.Success;
    }

    private Task<Answer<T>> SendAsync<T>(Call call, DeadLetterOrder order, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        call.Api.PostAsync($"{DeadLetterCommands.Path}/{_name}", order, DeadLetterJson.Default.DeadLetterOrder, type, cancellationToken);
}
