using System.Diagnostics;
using Confluent.Kafka;

namespace CrmMail.Processor.Replay;

/// <summary>
/// Reads a range of one partition. Its end is known by positions, not by the arrival of a last record: that may be a control record, or
/// compacted, or gone.
/// </summary>
internal sealed class PartitionReader : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Request = TimeSpan.FromSeconds(10);

    // A broker that is away is waited for; that the range has lost its end is found out by asking.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly TopicPartition _place;
    private readonly PartitionWork _work;
    private readonly int _maxBytes;
    private long _trimmed;

    public PartitionReader(ReplayKafka kafka, PartitionWork work, int maxBytes)
    {
        (_work, _maxBytes, Next) = (work, maxBytes, work.Next);
        _place = ReplayKafka.PlaceOf(work.Partition);
        _consumer = kafka.CreateConsumer();
        _consumer.Assign(new TopicPartitionOffset(_place, Next));
    }

    /// <summary>Everything before it has been read.</summary>
    public long Next { get; private set; }

    private bool IsAtEnd => Next >= _work.To;

    /// <summary>
    /// Takes so many records, and gives those that pass the filter; fewer when Kafka gives no more for a moment. Blocks the thread. A full
    /// batch is worth the wait: what a transaction costs, it costs whatever its size.
    /// </summary>
    /// <exception cref="ReplayFailedException">A part of the range is gone.</exception>
    public RecordBatch Read(int count, CancellationToken stop)
    {
        var batch = new RecordBatch(new List<ConsumeResult<byte[], byte[]>>(count));
        _trimmed = 0;
        var idleSince = Stopwatch.GetTimestamp();
        for (long bytes = 0, read = 0; !IsAtEnd && read < count && bytes < _maxBytes;)
        {
            stop.ThrowIfCancellationRequested();
            if (Consume() is { } record)
            {
                idleSince = Stopwatch.GetTimestamp();
                bytes += record.Message.Value?.Length ?? 0;
                read++;
                Take(batch, record);
            }
            else if (batch.Records.Count > 0)
            {
                break;
            }
            else if (!IsAtEnd && Stopwatch.GetElapsedTime(idleSince) > Idle)
            {
                CheckRange();
                idleSince = Stopwatch.GetTimestamp();
            }
        }

        return batch with { Next = Next, IsLast = IsAtEnd, Trimmed = _trimmed };
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }

    private void Take(RecordBatch batch, ConsumeResult<byte[], byte[]> record)
    {
        Next = Math.Min(record.Offset + 1, _work.To);
        if (record.Offset < _work.To && _work.Run.Filter.Takes(record))
        {
            batch.Records.Add(record);
        }
    }

    /// <summary>The next record; null where none is there, at the end too.</summary>
    private ConsumeResult<byte[], byte[]>? Consume()
    {
        try
        {
            var result = _consumer.Consume(Poll);
            if (result is { IsPartitionEOF: true } && result.Offset >= _work.To)
            {
                Next = _work.To;
            }

            return result is { IsPartitionEOF: false } ? result : null;
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            // A broker that is away comes back; where an offset is out of range, the broker answers and CheckRange says so.
            if (exception.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
            {
                CheckRange();
            }

            return null;
        }
    }

    /// <summary>Asks the broker what it has: retention may have overtaken the run, and a topic that was made anew ends earlier.</summary>
    private void CheckRange()
    {
        WatermarkOffsets there;
        try
        {
            there = _consumer.QueryWatermarkOffsets(_place, Request);
        }
        catch (KafkaException)
        {
            return;
        }

        if (there.High < _work.To)
        {
            throw new ReplayFailedException($"Partition {_work.Partition} ends at offset {there.High}, before the end of the range, {_work.To}: the topic is another one.");
        }

        if (there.Low > Next)
        {
            SkipTrimmed(Math.Min(there.Low, _work.To));
        }
    }

    private void SkipTrimmed(long low)
    {
        if (!_work.Run.AllowTrimmed)
        {
            throw new ReplayFailedException(Retention.Gone(low - Next, _work.Partition));
        }

        _trimmed += low - Next;
        Next = low;
        if (!IsAtEnd)
        {
            _consumer.Assign(new TopicPartitionOffset(_place, Next));
        }
    }
}

/// <summary>Records of one partition, in order.</summary>
/// <param name="Records">Those that the run is about.</param>
internal sealed record RecordBatch(List<ConsumeResult<byte[], byte[]>> Records)
{
    /// <summary>The offset before which everything was read.</summary>
    public long Next { get; init; }

    /// <summary>Whether the range ends with it.</summary>
    public bool IsLast { get; init; }

    /// <summary>How many offsets before <see cref="Next"/> were gone by retention when they were to be read.</summary>
    public long Trimmed { get; init; }
}
