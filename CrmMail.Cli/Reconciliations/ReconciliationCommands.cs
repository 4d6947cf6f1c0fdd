using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;
using CrmMail.Cli.Lists;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.Reconciliations;

/// <summary><c>crm-mail reconcile</c>.</summary>
internal sealed class ReconciliationCommands
{
    private readonly Argument<string?> _account = new("account") { Description = "The account", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _all = Parsed.Flag("--all", "All accounts");
    private readonly Option<DateTimeOffset?> _since = Parsed.Time("--since", "Mails of this time and later; if not given, since shortly before the account's last event");
    private readonly Option<bool> _execute = Parsed.Flag("--execute", "Feed what is missing into the events; without it, it is only counted");
    private readonly Option<bool> _detach = Parsed.Flag("--detach", "Do not wait for the end; nobody waits for that of --all");

    private static readonly IReadOnlyList<Column<MissingMail>> MailColumns =
    [
        new("FOLDER", mail => mail.Folder) { Least = 8 },
        new("RECEIVED", mail => Wording.Time(mail.ReceivedAt)),
        new("FED", mail => mail.IsFed ? "yes" : "no"),
        new("MESSAGE ID", mail => mail.MessageId) { Least = 16 },
        new("EVENT", mail => mail.EventId) { Least = 16, IsOptional = true },
    ];

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
            Mails(runner),
            RunCommands.Cancel(runner, Reconciliation.Kind),
        };
        runner.Let(command, commands.RunAsync);
        return command;
    }

    private static ExampleCommand Mails(CommandRunner runner)
    {
        var id = Parsed.RunId(Reconciliation.Kind.Noun);
        var command = new ExampleCommand("mails", "List the mails that were missing", "reconcile mails 0198d5a5-7c00-7000-8000-0242ac120003") { id };
        var page = new PageOptions(command);
        runner.Let(command, async (call, cancellationToken) =>
        {
            var path = page.Query(call.Line).On($"{Reconciliation.Kind.PathOf(call.Line.GetRequiredValue(id))}/mails");
            call.ShowPage(await call.Api.GetAsync(path, ReconciliationJson.Default.PageMissingMail, cancellationToken), MailColumns, "no missing mails");
            return ExitCode.Success;
        });
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
        call.Remark($"The mails one by one: {call.Program} reconcile mails {answer.Value.Id}");
        ProposeIfDry(call);
        return code;
    }

    /// <summary>Nobody waits for all mailboxes: the server compares them one after the other, and that can take hours.</summary>
    private async Task<int> RunAllAsync(Call call, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(call, Reconciliation.Kind.Path, ReconciliationJson.Default.AcceptedReconciliations, cancellationToken);
        call.Show(answer, started => call.Remark($"{Wording.Count(started.Runs, "account")} will be compared, one after the other. See how far it is: {call.Program} reconcile list"));
        ProposeIfDry(call);
        return ExitCode.Success;
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
