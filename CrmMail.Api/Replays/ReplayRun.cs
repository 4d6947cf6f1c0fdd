using System.Text.Json;
using CrmMail.Contracts;

namespace CrmMail.Api.Replays;

/// <summary>A replay, and how far it is.</summary>
internal sealed record ReplayRun
{
    /// <summary>The run.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it does: of a request without `execute`, `verify`.</summary>
    public required ReplayMode Mode { get; init; }

    /// <summary>Where it stands. It is `paused` while live events are late.</summary>
    public required RunState State { get; init; }

    /// <summary>The request, as it came.</summary>
    public required JsonElement Request { get; init; }

    /// <summary>The name of the API key.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When its range was fixed: events that came later are not in it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, however it did.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>How many offsets are to be read. A rebuild reads everything twice.</summary>
    public required long TotalRecords { get; init; }

    /// <summary>How many of them are read, and their effects written.</summary>
    public required long DoneRecords { get; init; }

    /// <summary>On average, since it started.</summary>
    public double? RecordsPerSecond { get; init; }

    /// <summary>How many offsets of the range are gone by retention.</summary>
    public required long TrimmedRecords { get; init; }

    /// <summary>What became of them so far.</summary>
    public required ReplayCounts Counts { get; init; }

    /// <summary>Its partitions; none before it has started.</summary>
    public required IReadOnlyList<ReplayPartition> Partitions { get; init; }
}

/// <summary>What a replay did, or, of a verify, would do.</summary>
/// <param name="Added">Activities that were missing.</param>
/// <param name="Changed">Activities of which something was not right.</param>
/// <param name="Moved">Activities of which nothing but the folder was not right.</param>
/// <param name="Removed">Activities that today's rules and contacts do not make.</param>
/// <param name="Unchanged">Activities that events of the range made, and that are right.</param>
/// <param name="Skipped">Events that make no activity of their own.</param>
/// <param name="DeadLetters">Records that cannot be read or written.</param>
internal sealed record ReplayCounts(long Added, long Changed, long Moved, long Removed, long Unchanged, long Skipped, long DeadLetters);

/// <summary>The part of a replay in one partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="From">The first offset.</param>
/// <param name="To">The offset after the last.</param>
/// <param name="Next">The offset with which the present pass goes on.</param>
/// <param name="Pass">What is done with it: a verify drafts and compares, a fill fills, a rebuild does all three.</param>
/// <param name="State">Where it stands.</param>
internal sealed record ReplayPartition(int Partition, long From, long To, long Next, ReplayPass Pass, RunState State);

/// <summary>What a replay did to one activity, or would do. Nothing of the mail is here.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="AccountId">The account.</param>
/// <param name="EventId">The event that makes the activity.</param>
/// <param name="ActivityId">The activity; null when it does not exist.</param>
/// <param name="Partition">The partition of the event.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Reason">`missing`, or what was not right, with commas: `direction`, `content`, `participants`, `keys`, `links`, `place`, `status`, `origin`, `folder`; of one that is removed, the reason of the skip.</param>
internal sealed record ReplayChange(ReplayChangeKind Kind, string AccountId, string EventId, long? ActivityId, int Partition, long Offset, string Reason);
