using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>How far a run of an operator is: requeuing or discarding dead letters, a replay, a reconciliation.</summary>
public enum RunState
{
    /// <summary>It waits for somebody to begin it.</summary>
    [JsonStringEnumMemberName("queued")] Queued,

    /// <summary>It was begun, and goes on whoever dies.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>It waits until the events of now are processed, and goes on by itself.</summary>
    [JsonStringEnumMemberName("paused")] Paused,

    /// <summary>It has come to its end.</summary>
    [JsonStringEnumMemberName("completed")] Completed,

    /// <summary>It cannot go on, for a reason that it names.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Somebody has ended it.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}
