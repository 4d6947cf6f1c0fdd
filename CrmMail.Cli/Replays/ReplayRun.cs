using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CrmMail.Cli.Console;
using CrmMail.Cli.Http;
using CrmMail.Cli.Runs;

namespace CrmMail.Cli.Replays;

/// <summary>A replay, and how far it is.</summary>
internal sealed record ReplayRun : Run
{
    public required string Mode { get; init; }

    public JsonElement? Request { get; init; }

    public required long TotalRecords { get; init; }

    public required long DoneRecords { get; init; }

    public double? RecordsPerSecond { get; init; }

    public long TrimmedRecords { get; init; }

    public ReplayCounts Counts { get; init; } = new();

    public IReadOnlyList<ReplayPartition> Partitions { get; init; } = [];

    /// <summary>A record that cannot be read is a dead letter already, and no failure of the replay.</summary>
    [JsonIgnore]
    public override Measured Progress => new(DoneRecords, TotalRecords, State: RunState.Standstill(State));

    /// <summary>How replays are shown.</summary>
    public static RunKind<ReplayRun> Kind { get; } = new()
    {
        Noun = "replay",
        Path = "api/replays",
        Command = "replay",
        Json = ReplayJson.Default.ReplayRun,
        PageJson = ReplayJson.Default.PageReplayRun,
        Columns =
        [
            new("ID", run => run.Id.ToString()),
            new("MODE", run => run.Mode),
            new("STATE", run => run.State) { Tone = run => RunState.ToneOf(run.State) },
            new("RECORDS", run => $"{Wording.Number(run.DoneRecords)}/{Wording.Number(run.TotalRecords)}") { IsNumber = true },
            new("REQUESTED", run => Wording.Time(run.RequestedAt)) { IsOptional = true },
            new("BY", run => run.RequestedBy) { Least = 8, IsOptional = true },
        ],
        Describe = Describe,
        Outcome = run => $"{(run.Mode == "verify" ? "It would change" : "It changed")}: {run.Counts}, in {Wording.Count(run.DoneRecords, "record")}.",
    };

    private static void Describe(Terminal terminal, ReplayRun run)
    {
        terminal.WriteFields(
            ("id", run.Id.ToString()),
            ("mode", run.Mode),
            ("state", run.State),
            ("error", run.Error),
            ("records", $"{Wording.Number(run.DoneRecords)} of {Wording.Number(run.TotalRecords)}"),
            ("rate", run.RecordsPerSecond is { } rate ? $"{Wording.Number((long)rate)}/s" : null),
            ("gone", run.TrimmedRecords > 0 ? $"{Wording.Count(run.TrimmedRecords, "record")}, by retention" : null),
            ("changes", run.Counts.ToString()),
            ("requested", $"{Wording.Time(run.RequestedAt)} by {run.RequestedBy}"),
            ("started", Wording.Time(run.StartedAt)),
            ("ended", Wording.Time(run.EndedAt)),
            ("request", run.Request?.GetRawText()));
        if (run.Partitions.Count > 0)
        {
            terminal.Out.WriteLine();
            terminal.Write<ReplayPartition>(PartitionColumns, run.Partitions);
        }
    }

    private static readonly IReadOnlyList<Column<ReplayPartition>> PartitionColumns =
    [
        new("PARTITION", part => Plain(part.Partition)) { IsNumber = true },
        new("FROM", part => Plain(part.From)) { IsNumber = true },
        new("TO", part => Plain(part.To)) { IsNumber = true },
        new("NEXT", part => Plain(part.Next)) { IsNumber = true },
        new("PASS", part => part.Pass) { IsOptional = true },
        new("STATE", part => part.State) { Tone = part => RunState.ToneOf(part.State) },
    ];

    /// <summary>An offset as it is typed.</summary>
    private static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a replay did, or, of a verify, would do.</summary>
internal sealed record ReplayCounts
{
    public long Added { get; init; }

    public long Changed { get; init; }

    public long Moved { get; init; }

    public long Removed { get; init; }

    public long Unchanged { get; init; }

    public long Skipped { get; init; }

    public long DeadLetters { get; init; }

    public override string ToString() => string.Join(", ", Parts());

    private IEnumerable<string> Parts()
    {
        (string Name, long Count)[] counts =
            [("added", Added), ("changed", Changed), ("moved", Moved), ("removed", Removed), ("unchanged", Unchanged), ("skipped", Skipped), ("dead letters", DeadLetters)];
        return counts.Where((count, index) => count.Count > 0 || index < 2).Select(count => $"{Wording.Number(count.Count)} {count.Name}");
    }
}

/// <summary>The part of a replay in one partition.</summary>
internal sealed record ReplayPartition(int Partition, long From, long To, long Next, string? Pass, string State);

/// <summary>What a replay did to one activity, or would do.</summary>
internal sealed record ReplayChange(string Kind, string AccountId, string EventId, long? ActivityId, int Partition, long Offset, string? Reason);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page<ReplayRun>))]
[JsonSerializable(typeof(Page<ReplayChange>))]
[JsonSerializable(typeof(ReplayRequest))]
internal sealed partial class ReplayJson : JsonSerializerContext;
