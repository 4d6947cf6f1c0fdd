using System.Text.Json;
using System.Text.Json.Serialization;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.Reconciliations;

/// <summary>A comparison of a mailbox with what is known of it.</summary>
internal sealed record Reconciliation : Run
{
    public required string Account { get; init; }

    /// <summary><c>demand</c>, <c>reconnected</c> or <c>ingest-outage</c>.</summary>
    public string? Cause { get; init; }

    public bool IsDryRun { get; init; }

    public DateTimeOffset? Since { get; init; }

    public long Folders { get; init; }

    public long FoldersDone { get; init; }

    public long Seen { get; init; }

    public long Missing { get; init; }

    public long Fed { get; init; }

    /// <summary>By folders: how many mails there are is known only in the end. An error of one that is not over is what it waits for.</summary>
    [JsonIgnore]
    public override Measured Progress => new(FoldersDone, Folders, State: RunState.Standstill(State) ?? (Error is null ? null : Printable.Line(Error)));

    /// <summary>How reconciliations are shown.</summary>
    public static RunKind<Reconciliation> Kind { get; } = new()
    {
        Noun = "reconciliation",
        Path = "api/reconciliations",
        Command = "reconcile",
        Json = ReconciliationJson.Default.Reconciliation,
        PageJson = ReconciliationJson.Default.PageReconciliation,
        Columns =
        [
            new("ID", run => run.Id.ToString()),
            new("ACCOUNT", run => run.Account) { Least = 8 },
            new("STATE", run => run.State) { Tone = run => RunState.ToneOf(run.State) },
            new("MISSING", run => Wording.Number(run.Missing)) { IsNumber = true },
            new("FED", run => run.IsDryRun ? "dry run" : Wording.Number(run.Fed)) { IsNumber = true },
            new("SEEN", run => Wording.Number(run.Seen)) { IsNumber = true, IsOptional = true },
            new("REQUESTED", run => Wording.Time(run.RequestedAt)) { IsOptional = true },
            new("CAUSE", run => run.Cause) { IsOptional = true },
        ],
        Describe = Describe,
        Outcome = run => $"{Printable.Line(run.Account)}: {Wording.Count(run.Seen, "mail")} seen, {Wording.Number(run.Missing)} missing, "
            + (run.IsDryRun ? "none fed." : $"{Wording.Number(run.Fed)} fed."),
    };

    private static void Describe(Terminal terminal, Reconciliation run) => terminal.WriteFields(
        ("id", run.Id.ToString()),
        ("account", run.Account),
        ("state", run.State),
        ("error", run.Error),
        ("dry run", run.IsDryRun ? "yes" : "no"),
        ("cause", run.Cause),
        ("since", Wording.Time(run.Since)),
        ("folders", run.Folders > 0 ? $"{Wording.Number(run.FoldersDone)} of {Wording.Number(run.Folders)}" : null),
        ("seen", Wording.Number(run.Seen)),
        ("missing", Wording.Number(run.Missing)),
        ("fed", Wording.Number(run.Fed)),
        ("requested", $"{Wording.Time(run.RequestedAt)} by {run.RequestedBy}"),
        ("started", Wording.Time(run.StartedAt)),
        ("ended", Wording.Time(run.EndedAt)));
}

/// <summary>A mail that was missing.</summary>
internal sealed record MissingMail(string Folder, string? RemoteId, string? MessageId, DateTimeOffset? ReceivedAt, string? EventId, bool IsFed);

/// <summary>Reconciliations of all accounts.</summary>
/// <param name="Runs">How many were started.</param>
internal sealed record AcceptedReconciliations(int Runs);

/// <summary>What is to be compared.</summary>
internal sealed record ReconciliationRequest
{
    public bool? All { get; init; }

    public DateTimeOffset? Since { get; init; }

    public bool Execute { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page<Reconciliation>))]
[JsonSerializable(typeof(Page<MissingMail>))]
[JsonSerializable(typeof(AcceptedReconciliations))]
[JsonSerializable(typeof(ReconciliationRequest))]
internal sealed partial class ReconciliationJson : JsonSerializerContext;
