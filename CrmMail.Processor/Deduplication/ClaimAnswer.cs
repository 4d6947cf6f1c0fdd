using StackExchange.Redis;

namespace CrmMail.Processor.Deduplication;

/// <summary>What Redis knows of an event. Only <see cref="Done"/>, which is written after the database commit, lets an event be skipped (R2).</summary>
internal enum ClaimAnswer
{
    /// <summary>Redis was not asked, or did not answer: the event is written, and the unique keys of the database decide.</summary>
    Unknown,

    /// <summary>Nobody has heard of the event.</summary>
    New,

    /// <summary>This very record was begun before, and not finished.</summary>
    PendingHere,

    /// <summary>Another record with the same event was begun: it may be in progress, or its Processor may be dead.</summary>
    PendingElsewhere,

    /// <summary>The event is in the database.</summary>
    Done,
}

/// <summary>The values under the keys of events.</summary>
internal static class ClaimValue
{
    public static readonly RedisValue Done = "d";

    /// <summary>The claim of a record, by its place.</summary>
    public static RedisValue Pending(string topic, int partition, long offset) => $"p:{topic}/{partition}/{offset}";

    /// <param name="before">The value that was there; null when there was none.</param>
    /// <param name="own">The claim of the record at hand.</param>
    public static ClaimAnswer Read(RedisValue before, RedisValue own) =>
        before.IsNull ? ClaimAnswer.New
        : before == Done ? ClaimAnswer.Done
        : before == own ? ClaimAnswer.PendingHere
        : ClaimAnswer.PendingElsewhere;
}
