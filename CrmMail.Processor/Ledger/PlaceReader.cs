using System.Diagnostics;
using Confluent.Kafka;
using CrmMail.Processor.Replay;

namespace CrmMail.Processor.Ledger;

/// <summary>Reads single records by their places: forward, through short gaps and over long ones.</summary>
internal sealed class PlaceReader(ReplayKafka kafka) : IDisposable
{
    // So many records come faster than a new request to the broker.
    private const int LongestGap = 2_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Request = TimeSpan.FromSeconds(10);

    // A broker that is away is waited for; that a record is gone is found out by asking.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    private readonly IConsumer<byte[], byte[]> _consumer = kafka.CreateConsumer();
    private ConsumeResult<byte[], byte[]>? _ahead;
    private int _partition = -1;
    private long _next;

    /// <summary>The records at these places, of which each is behind the one before; those that Kafka no longer has are absent. Blocks the thread.</summary>
    public List<ConsumeResult<byte[], byte[]>> Read(IEnumerable<EventPlace> places, CancellationToken stop)
    {
        var records = new List<ConsumeResult<byte[], byte[]>>();
        foreach (var place in places)
        {
            GoTo(place);
            if (Find(place, stop) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }

    private void GoTo(EventPlace place)
    {
        var next = _ahead?.Offset ?? _next;
        var isOnTheWay = place.Partition == _partition && place.Offset - next <= LongestGap && (place.Offset >= next || _ahead is not null);
        if (!isOnTheWay)
        {
            _consumer.Assign(new TopicPartitionOffset(ReplayKafka.PlaceOf(place.Partition), place.Offset));
            (_partition, _next, _ahead) = (place.Partition, place.Offset, null);
        }
    }

    /// <summary>Reads on to the place; null when there is no record any more.</summary>
    private ConsumeResult<byte[], byte[]>? Find(EventPlace place, CancellationToken stop)
    {
        var idleSince = Stopwatch.GetTimestamp();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (Next(out var isEnd) is { } record)
            {
                idleSince = Stopwatch.GetTimestamp();
                if (record.Offset >= place.Offset)
                {
                    _ahead = record.Offset > place.Offset ? record : null;
                    return record.Offset == place.Offset ? record : null;
                }
            }
            else if (isEnd || (Stopwatch.GetElapsedTime(idleSince) > Idle && IsGone(place)))
            {
                _partition = -1;
                return null;
            }
        }
    }

    private ConsumeResult<byte[], byte[]>? Next(out bool isEnd)
    {
        isEnd = false;
        if (_ahead is { } ahead)
        {
            _ahead = null;
            return ahead;
        }

        try
        {
            var result = _consumer.Consume(Poll);
            isEnd = result is { IsPartitionEOF: true };
            if (result is null or { IsPartitionEOF: true })
            {
                return null;
            }

            _next = result.Offset + 1;
            return result;
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            // Of an offset that is out of range, the broker has said so; a broker that is away comes back.
            isEnd = exception.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange;
            return null;
        }
    }

    private bool IsGone(EventPlace place)
    {
        try
        {
            var there = _consumer.QueryWatermarkOffsets(ReplayKafka.PlaceOf(place.Partition), Request);
            return place.Offset < there.Low || place.Offset >= there.High;
        }
        catch (KafkaException)
        {
            return false;
        }
    }
}
