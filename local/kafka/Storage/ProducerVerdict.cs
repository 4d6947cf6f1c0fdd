namespace KafkaBroker.Storage;

/// <summary>What the partition's memory of a producer says to its next batch.</summary>
internal abstract record ProducerVerdict
{
    /// <summary>It is the next one.</summary>
    public sealed record Append : ProducerVerdict;

    /// <summary>It is in the log already.</summary>
    /// <param name="BaseOffset">Where.</param>
    /// <param name="Timestamp">Its latest time.</param>
    public sealed record Duplicate(long BaseOffset, long Timestamp) : ProducerVerdict;

    /// <summary>One before it is missing.</summary>
    public sealed record OutOfOrder : ProducerVerdict;

    /// <summary>A younger instance of the producer has written.</summary>
    public sealed record Fenced : ProducerVerdict;
}
