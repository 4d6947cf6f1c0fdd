namespace CrmMail.Ingest.Kafka;

/// <summary>How handing an event to Kafka ended.</summary>
internal enum ProduceOutcome
{
    /// <summary>All in-sync replicas have it. The only outcome that may be answered with 2xx.</summary>
    Acknowledged,

    /// <summary>
    /// Failed, or not answered in time; it may have been written all the same. The sender has to send it again, and the second copy
    /// is recognised by its event id.
    /// </summary>
    NotAcknowledged,

    /// <summary>The producer or the broker does not take a record of this size. Not written.</summary>
    TooLarge,

    /// <summary>The producer's queue is full. Not written.</summary>
    QueueFull,

    /// <summary>Not tried: the broker did not answer lately. Not written.</summary>
    BreakerOpen,
}
