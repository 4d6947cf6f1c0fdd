using System.Text.Json;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Replays;

/// <summary>A row of <c>replay_runs</c>.</summary>
internal sealed record RunRow(
    Guid Id,
    ReplayMode Mode,
    RunState State,
    string Request,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    string? Error,
    double? Seconds)
{
    public static RunRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        StableText.Parse<ReplayMode>(row.GetString(1)),
        StableText.Parse<RunState>(row.GetString(2)),
        row.GetString(3),
        row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        row.IsDBNull(8) ? null : row.GetString(8),
        row.IsDBNull(9) ? null : row.GetDouble(9));

    public ReplayRun ToRun(IReadOnlyList<PartitionRow> partitions)
    {
        var done = partitions.Sum(partition => partition.DoneRecords(Mode));
        return new ReplayRun
        {
            Id = Id,
            Mode = Mode,
            State = State,
            Request = JsonElement.Parse(Request),
            RequestedBy = RequestedBy,
            RequestedAt = RequestedAt,
            StartedAt = StartedAt,
            EndedAt = EndedAt,
            Error = Error,
            TotalRecords = partitions.Sum(partition => partition.TotalRecords(Mode)),
            DoneRecords = done,
            RecordsPerSecond = Seconds > 0 ? Math.Round(done / Seconds.Value, 1) : null,
            TrimmedRecords = partitions.Sum(partition => partition.Trimmed),
            Counts = partitions.Aggregate(new ReplayCounts(0, 0, 0, 0, 0, 0, 0), (sum, partition) => partition.AddTo(sum)),
            Partitions = [.. partitions.Select(partition => partition.ToPartition(State))],
        };
    }
}

/// <summary>A row of <c>replay_partitions</c>.</summary>
internal sealed record PartitionRow(
    Guid RunId, int Partition, long From, long To, long Next, ReplayPass Pass, bool IsDone, bool IsOwned, long Trimmed, ReplayCounts Counts)
{
    public static PartitionRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetInt32(1),
        row.GetInt64(2),
        row.GetInt64(3),
        row.GetInt64(4),
        StableText.Parse<ReplayPass>(row.GetString(5)),
        row.GetBoolean(6),
        row.GetBoolean(7),
        row.GetInt64(8),
        new ReplayCounts(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetInt64(14), row.GetInt64(15)));

    /// <summary>A rebuild reads its range twice: for the draft, and to fill.</summary>
    public long TotalRecords(ReplayMode mode) => (mode == ReplayMode.Rebuild ? 2 : 1) * (To - From);

    public long DoneRecords(ReplayMode mode) => (IsDone, Pass) switch
    {
        (true, _) => TotalRecords(mode),
        (_, ReplayPass.Draft) => Next - From,
        (_, ReplayPass.Compare) => To - From,
        _ => TotalRecords(mode) - (To - Next),
    };

    public ReplayCounts AddTo(ReplayCounts sum) => new(
        sum.Added + Counts.Added,
        sum.Changed + Counts.Changed,
        sum.Moved + Counts.Moved,
        sum.Removed + Counts.Removed,
        sum.Unchanged + Counts.Unchanged,
        sum.Skipped + Counts.Skipped,
        sum.DeadLetters + Counts.DeadLetters);

    public ReplayPartition ToPartition(RunState run) => new(Partition, From, To, Next, Pass, StateIn(run));

    private RunState StateIn(RunState run) =>
        IsDone ? RunState.Completed
        : run is not (RunState.Running or RunState.Paused) ? run
        : IsOwned ? run
        : RunState.Queued;
}
