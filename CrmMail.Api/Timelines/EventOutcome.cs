using System.Text.Json.Serialization;
using CrmMail.Contracts;

namespace CrmMail.Api.Timelines;

/// <summary>How an event ended.</summary>
internal enum EventOutcomeKind
{
    /// <summary>It made an activity.</summary>
    [JsonStringEnumMemberName("activity")] Activity,

    /// <summary>It made none, for a reason.</summary>
    [JsonStringEnumMemberName("skip")] Skip,

    /// <summary>It could not be processed as it is.</summary>
    [JsonStringEnumMemberName("dead-letter")] DeadLetter,
}

/// <summary>What became of an event.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="AccountId">The account that it is about, as far as it tells.</param>
/// <param name="ActivityId">The activity that it made, or that has the mail already.</param>
/// <param name="SkipReason">Why it made no activity.</param>
/// <param name="DeadLetter">Where it lies, and why.</param>
/// <param name="Trace">Its way through the system.</param>
internal sealed record EventOutcome(
    EventOutcomeKind Kind, string? AccountId, long? ActivityId, SkipReason? SkipReason, DeadLetterPlace? DeadLetter, EventTrace Trace);

/// <summary>An event in the topic of the dead letters.</summary>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Detail">The same in words.</param>
/// <param name="State">What was decided about it.</param>
/// <param name="Topic">The topic of the dead letters.</param>
/// <param name="Partition">The partition of the topic.</param>
/// <param name="Offset">The offset in the partition.</param>
/// <param name="Attempt">How often it failed.</param>
/// <param name="FirstFailedAt">When it failed first.</param>
internal sealed record DeadLetterPlace(
    string Reason, string Detail, DeadLetterState State, string Topic, int Partition, long Offset, int Attempt, DateTimeOffset FirstFailedAt);
