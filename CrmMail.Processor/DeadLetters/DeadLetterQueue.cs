using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Consuming;
using CrmMail.Processor.Telemetry;
using Microsoft.Extensions.Options;

namespace CrmMail.Processor.DeadLetters;

/// <summary>
/// Puts bad records aside, with key, bytes and headers as they were, and why. The broker has them, and a row of the database names them,
/// before the offset moves on.
/// </summary>
internal sealed partial class DeadLetterQueue(
    IProducer<byte[], byte[]> producer,
    DeadLetterRegister register,
    Outages outages,
    ProcessorMetrics metrics,
    IOptions<ConsumerOptions> options,
    TimeProvider time,
    ILogger<DeadLetterQueue> logger)
{
    public async Task AddAsync(ConsumeResult<byte[], byte[]> record, BadRecordException why, CancellationToken stop)
    {
        var letter = new DeadLetter(record, why, time.GetUtcNow().UtcDateTime);
        DeliveryResult<byte[], byte[]> place;
        try
        {
            place = await ProduceAsync(letter.ToMessage(options.Value.GroupId), stop);
        }
        catch (KafkaException tooLarge) when (tooLarge.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            letter = new DeadLetter(record, new BadRecordException(DeadLetterReason.TooLarge, why.Message, why), letter.FailedAt);
            place = await ProduceAsync(letter.ToShortMessage(options.Value.GroupId), stop);
        }

        await outages.OutlastAsync(() => register.AddAsync(letter, place.TopicPartitionOffset, stop), stop);
        metrics.DeadLetter(letter.Reason);
        LogDeadLetter(record.Topic, record.Partition.Value, record.Offset.Value, letter.CorrelationId?.Value, letter.Reason, letter.Message);
    }

    private Task<DeliveryResult<byte[], byte[]>> ProduceAsync(Message<byte[], byte[]> message, CancellationToken stop) =>
        outages.OutlastAsync(() => producer.ProduceAsync(MailTopics.DeadLetters, message, CancellationToken.None), stop);

    [LoggerMessage(320, LogLevel.Error, "The record {Topic}/{Partition}/{Offset} ({CorrelationId}) is a dead letter ({Reason}): {Message}")]
    private partial void LogDeadLetter(string topic, int partition, long offset, string? correlationId, DeadLetterReason reason, string message);
}
