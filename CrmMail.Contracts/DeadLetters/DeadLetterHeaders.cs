namespace CrmMail.Contracts;

/// <summary>The headers that a dead letter has besides those of the record that it was; values are UTF-8 text.</summary>
public static class DeadLetterHeaders
{
    /// <summary>What the names of all of them begin with.</summary>
    public const string Prefix = "dlq.";

    /// <summary>The stable text of a <see cref="DeadLetterReason"/>.</summary>
    public const string Reason = "dlq.reason";

    /// <summary>The type of the exception, without its namespace.</summary>
    public const string ExceptionType = "dlq.exception.type";

    /// <summary>What was wrong, at most 1 KiB, nothing of the mail.</summary>
    public const string ExceptionMessage = "dlq.exception.message";

    /// <summary>Where the record was first: its topic.</summary>
    public const string OriginalTopic = "dlq.original.topic";

    /// <summary>Its partition, decimal.</summary>
    public const string OriginalPartition = "dlq.original.partition";

    /// <summary>Its offset, decimal.</summary>
    public const string OriginalOffset = "dlq.original.offset";

    /// <summary>Its timestamp: UTC, ISO 8601.</summary>
    public const string OriginalTimestamp = "dlq.original.timestamp";

    /// <summary>The consumer group that could not process it.</summary>
    public const string OriginalGroup = "dlq.original.group";

    /// <summary>When it became a dead letter, this time: UTC, ISO 8601.</summary>
    public const string FailedAt = "dlq.failed_at";

    /// <summary>When it became one for the first time.</summary>
    public const string FirstFailedAt = "dlq.first_failed_at";

    /// <summary>How often it became one: 1, and more after it was put back.</summary>
    public const string Attempt = "dlq.attempt";

    /// <summary>The same for all dead letters of one cause: 16 hex digits of a hash of reason, type and message without its digits.</summary>
    public const string Fingerprint = "dlq.fingerprint";

    /// <summary>The version of the Processor.</summary>
    public const string AppVersion = "dlq.app_version";

    /// <summary>Of a record that was put back: the run that did it, a UUID.</summary>
    public const string RequeueId = "dlq.requeue.id";

    /// <summary>Who asked for that run.</summary>
    public const string RequeueBy = "dlq.requeue.by";

    /// <summary>When the record was put back, the last time: UTC, ISO 8601.</summary>
    public const string RequeueAt = "dlq.requeue.at";

    /// <summary>How often it was put back, from 1.</summary>
    public const string RequeueCount = "dlq.requeue.count";

    /// <summary>Whether a record that fails once more keeps the header: it tells how it came here.</summary>
    public static bool IsKeptByFailure(string name) => name is RequeueId or RequeueBy or RequeueAt or RequeueCount;
}
