using System.Text.Json;
using System.Text.Json.Serialization;
using CrmMail.Cli.Console;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.DeadLetters;

/// <summary>A run over dead letters.</summary>
internal sealed record DeadLetterRun : Run
{
    /// <summary><c>requeue</c> or <c>discard</c>.</summary>
    public required string Action { get; init; }

    public JsonElement? Request { get; init; }

    public required long Total { get; init; }

    public required long Done { get; init; }

    public required long Failed { get; init; }

    [JsonIgnore]
    public override Measured Progress => new(Done + Failed, Total, Failed, RunState.Standstill(State));

    /// <summary>How such runs are shown.</summary>
    public static RunKind<DeadLetterRun> Kind { get; } = new()
    {
        Noun = "run",
        Path = "api/dead-letters/runs",
        Command = "dead-letters runs",
        Json = DeadLetterJson.Default.DeadLetterRun,
        PageJson = DeadLetterJson.Default.PageDeadLetterRun,
        Columns =
        [
            new("ID", run => run.Id.ToString()),
            new("ACTION", run => run.Action),
            new("STATE", run => run.State) { Tone = run => RunState.ToneOf(run.State) },
            new("DONE", run => $"{Wording.Number(run.Done)}/{Wording.Number(run.Total)}") { IsNumber = true },
            new("FAILED", run => Wording.Number(run.Failed)) { IsNumber = true, IsOptional = true, Tone = run => run.Failed > 0 ? Tone.Bad : Tone.Plain },
            new("REQUESTED", run => Wording.Time(run.RequestedAt)) { IsOptional = true },
            new("BY", run => run.RequestedBy) { Least = 8, IsOptional = true },
        ],
        Describe = Describe,
        Outcome = run => $"{(run.Action == "discard" ? "Discarded" : "Requeued")} {Wording.Number(run.Done)} of {Wording.Count(run.Total, "dead letter")}"
            + (run.Failed > 0 ? $"; {Wording.Number(run.Failed)} stay as they were, for Kafka has them no longer or does not take them." : "."),
    };

    private static void Describe(Terminal terminal, DeadLetterRun run) => terminal.WriteFields(
        ("id", run.Id.ToString()),
        ("action", run.Action),
        ("state", run.State),
        ("error", run.Error),
        ("total", Wording.Number(run.Total)),
        ("done", Wording.Number(run.Done)),
        ("failed", Wording.Number(run.Failed)),
        ("requested", $"{Wording.Time(run.RequestedAt)} by {run.RequestedBy}"),
        ("started", Wording.Time(run.StartedAt)),
        ("ended", Wording.Time(run.EndedAt)),
        ("request", run.Request?.GetRawText()));
}
