using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.Reconciliations;

/// <summary><c>crm-mail reconcile</c>.</summary>
internal sealed class ReconciliationCommands
{
    private readonly Argument<string?> _account = new("account") { Description = "The account", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _all = Parsed.Flag("--all", "All accounts");
    private readonly Option<DateTimeOffset?> _since = Parsed.Time("--since", "Mails of this time and later; if not given, since shortly before the account's last event");
    private readonly Option<bool> _execute = Parsed.Flag("--execute", "Feed what is missing into the events; without it, it is only counted");
    private readonly Option<bool> _detach = Parsed.Flag("--detach", "Do not wait for the end");

    private ReconciliationCommands()
    {
    }

    public static Command Of(CommandRunner runner)
    {
        var commands = new ReconciliationCommands();
        var ofAccount = Parsed.Text("--account", "Only those of this account", "id");
        var list = new ExampleCommand("list", "List reconciliations, newest first", "reconcile list --account amy") { ofAccount };
        var command = new ExampleCommand(
            "reconcile",
            "Compare mailboxes with what is known of them, and feed what is missing",
            "reconcile amy",
            "reconcile amy --since 2026-11-26T09:00 --execute",
            "reconcile --all --execute")
        {
            commands._account,
            commands._all,
            commands._since,
            commands._execute,
            commands._detach,
            runner.Lists(Reconciliation.Kind, list, (line, query) => query.Add("account", line.GetValue(ofAccount))),
            RunCommands.Show(runner, Reconciliation.Kind),
            RunCommands.Cancel(runner, Reconciliation.Kind),
        };
        runner.Let(command, commands.RunAsync);
        return command;
    }

    private Task<int> RunAsync(Call call, CancellationToken cancellationToken) => (call.Line.GetValue(_account), call.Line.GetValue(_all)) switch
    {
        ({ } account, false) => RunOneAsync(call, account, cancellationToken),
        (null, true) => RunAllAsync(call, cancellationToken),
        (null, false) => throw new UsageException("say which account, or --all"),
        _ => throw new UsageException("an account, or --all: not both"),
    };

    private async Task<int> RunOneAsync(Call call, string account, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(call, $"api/accounts/{Uri.EscapeDataString(account)}/reconcile", ReconciliationJson.Default.Reconciliation, cancellationToken);
        if (call.Line.GetValue(_detach))
        {
            call.Show(answer, run => call.Leave(Reconciliation.Kind, run));
            return ExitCode.Success;
        }

        var code = await call.FinishAsync(Reconciliation.Kind, answer.Value.Id, cancellationToken);
        ProposeIfDry(call);
        return code;
    }

    /// <summary>One after the other, as the server does them by and large; what fails for one account is no reason to leave the others.</summary>
    private async Task<int> RunAllAsync(Call call, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(call, Reconciliation.Kind.Path, ReconciliationJson.Default.PageReconciliation, cancellationToken);
        if (call.Line.GetValue(_detach))
        {
            call.Show(answer, started => call.Remark($"Started {Wording.Count(started.Items.Count, "reconciliation")}. See them: {call.Program} reconcile list"));
            return ExitCode.Success;
        }

        var code = ExitCode.Success;
        foreach (var run in answer.Value.Items)
        {
            var ended = await new RunFollower<Reconciliation>(Reconciliation.Kind, call).FollowAsync(run.Id, cancellationToken);
            call.Show(ended, shown => call.Remark(Reconciliation.Kind.Outcome(shown) + (shown.State == "completed" ? "" : $" It {shown.State}: {Printable.Line(shown.Error)}")));
            code = ended.Value.State == "completed" ? code : ExitCode.Failure;
        }

        ProposeIfDry(call);
        return code;
    }

    private Task<Answer<T>> SendAsync<T>(Call call, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var request = new ReconciliationRequest
        {
            All = call.Line.GetValue(_all) ? true : null,
            Since = call.Line.GetValue(_since),
            Execute = call.Line.GetValue(_execute),
        };
        return call.Api.PostAsync(path, request, ReconciliationJson.Default.ReconciliationRequest, type, cancellationToken);
    }

    private void ProposeIfDry(Call call)
    {
        if (!call.Line.GetValue(_execute))
        {
            call.ProposeExecute();
        }
    }
}
