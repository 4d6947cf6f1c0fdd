using Confluent.Kafka;

namespace CrmMail.Ingest.Kafka;

/// <summary>Appends records to <see cref="Contracts.MailTopics.Events"/>.</summary>
internal interface IEventProducer
{
    /// <summary>
    /// Completes when the broker has acknowledged the record or the delivery timeout has passed. Takes no cancellation: a record that
    /// was handed over cannot be taken back, and a sender that has gone must not leave its fate unknown.
    /// </summary>
    Task<ProduceResult> ProduceAsync(Message<byte[], byte[]> record);
}

/// <summary>How it ended, and the error of Kafka if it did not end well.</summary>
internal readonly record struct ProduceResult(ProduceOutcome Outcome, ErrorCode Error = ErrorCode.NoError);
