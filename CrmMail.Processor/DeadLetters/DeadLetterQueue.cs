using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Consuming;
using CrmMail.Processor.Telemetry;
using Microsoft.Extensions.Options;

namespace CrmMail.Processor.DeadLetters;

/// <summary>Puts bad records aside, with key, bytes and headers as they were, and why. The broker has them before the offset moves on.</summary>
internal sealed partial class DeadLetterQueue(
    IProducer<byte[], byte[]> producer, Outages outages, ProcessorMetrics metrics, IOptions<ConsumerOptions> options, TimeProvider time, ILogger<DeadLetterQueue> logger)
{
    private static readonly string Version = typeof(DeadLetterQueue).Assembly.GetName().Version?.ToString(3) ?? "";

    public async Task AddAsync(ConsumeResult<byte[], byte[]> record, BadRecordException why, CancellationToken stop)
    {
        try
        {
            await ProduceAsync(record, why, record.Message.Value, stop);
        }
        catch (KafkaException tooLarge) when (tooLarge.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            why = new BadRecordException(DeadLetterReason.TooLarge, why.Message, why);
            await ProduceAsync(record, why, [], stop);
        }

        metrics.DeadLetter(why.Reason);
        LogDeadLetter(record.Topic, record.Partition.Value, record.Offset.Value, why.Reason, why.Message);
    }

    private Task<DeliveryResult<byte[], byte[]>> ProduceAsync(ConsumeResult<byte[], byte[]> record, BadRecordException why, byte[] value, CancellationToken stop) =>
        outages.OutlastAsync(
            () => producer.ProduceAsync(
                MailTopics.DeadLetters,
                new Message<byte[], byte[]> { Key = record.Message.Key, Value = value, Headers = HeadersOf(record, why) },
                CancellationToken.None),
            stop);

    private Headers HeadersOf(ConsumeResult<byte[], byte[]> record, BadRecordException why)
    {
        var headers = new Headers();
        foreach (var original in record.Message.Headers ?? [])
        {
            if (!original.Key.StartsWith("dlq.", StringComparison.Ordinal) || original.Key == DeadLetterHeaders.FirstFailedAt)
            {
                headers.Add(original.Key, original.GetValueBytes());
            }
        }

        var now = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        Add(headers, DeadLetterHeaders.Reason, why.Reason.ToText());
        Add(headers, DeadLetterHeaders.ExceptionType, (why.InnerException ?? why).GetType().Name);
        Add(headers, DeadLetterHeaders.ExceptionMessage, why.Message);
        Add(headers, DeadLetterHeaders.OriginalTopic, record.Topic);
        Add(headers, DeadLetterHeaders.OriginalPartition, record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add(headers, DeadLetterHeaders.OriginalOffset, record.Offset.Value.ToString(CultureInfo.InvariantCulture));
        Add(headers, DeadLetterHeaders.OriginalTimestamp, record.Message.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        Add(headers, DeadLetterHeaders.OriginalGroup, options.Value.GroupId);
        Add(headers, DeadLetterHeaders.FailedAt, now);
        if (!headers.TryGetLastBytes(DeadLetterHeaders.FirstFailedAt, out _))
        {
            Add(headers, DeadLetterHeaders.FirstFailedAt, now);
        }

        Add(headers, DeadLetterHeaders.Attempt, (AttemptsBefore(record) + 1).ToString(CultureInfo.InvariantCulture));
        Add(headers, DeadLetterHeaders.Fingerprint, FingerprintOf(why));
        Add(headers, DeadLetterHeaders.AppVersion, Version);
        return headers;
    }

    private static int AttemptsBefore(ConsumeResult<byte[], byte[]> record) =>
        record.Message.Headers is { } headers
        && headers.TryGetLastBytes(DeadLetterHeaders.Attempt, out var attempt)
        && int.TryParse(attempt, CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <summary>Digits are positions and sizes, which differ from case to case.</summary>
    private static string FingerprintOf(BadRecordException why)
    {
        var cause = $"{why.Reason.ToText()}|{(why.InnerException ?? why).GetType().Name}|{string.Concat(why.Message.Where(letter => !char.IsDigit(letter)))}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cause)))[..16];
    }

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));

    [LoggerMessage(320, LogLevel.Error, "The record {Topic}/{Partition}/{Offset} is a dead letter ({Reason}): {Message}")]
    private partial void LogDeadLetter(string topic, int partition, long offset, DeadLetterReason reason, string message);
}
