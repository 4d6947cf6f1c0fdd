using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Ingest.Kafka;

/// <summary>The real producer: its exceptions become outcomes.</summary>
internal sealed class KafkaEventProducer(IProducer<byte[], byte[]> producer) : IEventProducer
{
    public async Task<ProduceResult> ProduceAsync(Message<byte[], byte[]> record)
    {
        try
        {
            var delivered = await producer.ProduceAsync(MailTopics.Events, record, CancellationToken.None);
            return delivered.Status == PersistenceStatus.Persisted
                ? new ProduceResult(ProduceOutcome.Acknowledged)
                : new ProduceResult(ProduceOutcome.NotAcknowledged, ErrorCode.Unknown);
        }
        catch (KafkaException failure)
        {
            return new ProduceResult(OutcomeOf(failure.Error.Code), failure.Error.Code);
        }
    }

    private static ProduceOutcome OutcomeOf(ErrorCode error) => error switch
    {
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize => ProduceOutcome.TooLarge,
        ErrorCode.Local_QueueFull => ProduceOutcome.QueueFull,
        _ => ProduceOutcome.NotAcknowledged,
    };
}
