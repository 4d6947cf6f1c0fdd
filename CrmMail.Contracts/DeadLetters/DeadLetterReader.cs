using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CrmMail.Contracts;

/// <summary>
/// Reads the records of single dead letters, by their places. A member of no group: it commits nothing, and nobody notices it. For one
/// reader at a time; the order of places in a partition is the fast one.
/// </summary>
public sealed partial class DeadLetterReader : IDisposable
{
    // Records between two places are read over up to so many of them; beyond, it is cheaper to ask for the place.
    private const int ReadOver = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private TopicPartitionOffset? _next;

    /// <param name="client">How to connect. What is needed beyond is set here.</param>
    /// <param name="logger">Takes the lines of librdkafka.</param>
    public DeadLetterReader(ConsumerConfig client, ILogger<DeadLetterReader> logger)
    {
        var config = new ConsumerConfig(client.ToDictionary())
        {
            GroupId = "crm-mail-dead-letters", // librdkafka asks for one; it is not used.
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            AllowAutoCreateTopics = false,
            TopicMetadataPropagationMaxMs = 1000, // A topic that is not there was not made a moment ago.
            EnableMetricsPush = false,

            // A place that is left while the broker waits for more of its partition must not hold up the next one.
            FetchWaitMaxMs = 10,
            QueuedMaxMessagesKbytes = 4096,
        };
        _consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, line) => LogLine(logger, line.Facility, line.Message)).Build();
    }

    /// <summary>The record of the letter; null when Kafka has it no longer.</summary>
    /// <exception cref="TimeoutException">The record did not come in 5 seconds.</exception>
    /// <exception cref="KafkaException">No broker answers, or it refuses.</exception>
    public async Task<ConsumeResult<byte[], byte[]>?> ReadAsync(DeadLetterPointer letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);

        // The client of Kafka has no asynchronous way to consume.
        var record = await Task.Run(() => Read(letter.Place, cancellationToken), cancellationToken).ConfigureAwait(false);
        return record is not null && letter.IsOf(record) ? record : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _consumer.Dispose();

    private ConsumeResult<byte[], byte[]>? Read(TopicPartitionOffset place, CancellationToken cancellationToken)
    {
        if (_next is null || _next.TopicPartition != place.TopicPartition || place.Offset < _next.Offset || place.Offset > _next.Offset + ReadOver)
        {
            if (!Exists(place))
            {
                return null;
            }

            _consumer.Assign(place);
        }

        _next = null;
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Consume() is not { } record)
            {
                if (TimeProvider.System.GetElapsedTime(started) > Patience)
                {
                    throw new TimeoutException($"Kafka has not answered in {Patience.TotalSeconds} seconds.");
                }
            }
            else if (record.IsPartitionEOF || record.Offset > place.Offset)
            {
                return null;
            }
            else if (record.Offset == place.Offset)
            {
                _next = new TopicPartitionOffset(place.TopicPartition, place.Offset + 1);
                return record;
            }
        }
    }

    /// <summary>Whether the partition reaches so far, and still begins there.</summary>
    private bool Exists(TopicPartitionOffset place)
    {
        try
        {
            var ends = _consumer.QueryWatermarkOffsets(place.TopicPartition, Patience);
            return ends.Low <= place.Offset && place.Offset < ends.High;
        }
        catch (KafkaException exception) when (exception.Error.Code is
            ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition)
        {
            return false;
        }
    }

    /// <summary>What comes next, an end also where the record was removed meanwhile; null when nothing comes.</summary>
    private ConsumeResult<byte[], byte[]>? Consume()
    {
        try
        {
            return _consumer.Consume(Poll);
        }
        catch (ConsumeException exception) when (exception.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            return new ConsumeResult<byte[], byte[]> { IsPartitionEOF = true };
        }
    }

    [LoggerMessage(3, LogLevel.Debug, "librdkafka: {Facility} {Message}")]
    private static partial void LogLine(ILogger logger, string facility, string message);
}
