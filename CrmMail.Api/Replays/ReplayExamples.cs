using System.Text.Json;
using CrmMail.Contracts;

namespace CrmMail.Api.Replays;

/// <summary>What the OpenAPI document shows.</summary>
internal static class ReplayExamples
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 21, 0, 14, TimeSpan.Zero);

    public static ReplayRequest Request { get; } = new() { Mode = ReplayMode.Fill, Range = new ReplayRange { Since = "1h" }, PauseAtLagSeconds = 30, Execute = true };

    public static ReplayRun Run { get; } = new()
    {
        Id = new Guid("0198d5a5-7c00-7000-8000-0242ac120002"),
        Mode = ReplayMode.Fill,
        State = RunState.Running,
        Request = JsonSerializer.SerializeToElement(Request, ApiJson.Options),
        RequestedBy = "operations",
        RequestedAt = Time,
        StartedAt = Time.AddSeconds(1),
        TotalRecords = 12_000,
        DoneRecords = 7_000,
        RecordsPerSecond = 3500,
        TrimmedRecords = 0,
        Counts = new ReplayCounts(Added: 12, Changed: 1, Moved: 0, Removed: 0, Unchanged: 1388, Skipped: 5599, DeadLetters: 0),
        Partitions = [new(3, 4711, 16_711, 11_711, ReplayPass.Fill, RunState.Running)],
    };

    public static ReplayRun Cancelled { get; } = Run with { State = RunState.Cancelled, EndedAt = Time.AddSeconds(3), Partitions = [Run.Partitions[0] with { State = RunState.Cancelled }] };

    public static ReplayChange Change { get; } = new(ReplayChangeKind.Changed, "amy", "6f1b0d0e-5d0b-4a3c-9a55-0a6f6b1c7e11", 17, 3, 4711, "links, place");
}
