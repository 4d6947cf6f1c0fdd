using System.Globalization;
using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Storage;

/// <summary>
/// One partition: a folder of segments. Appends are serialised by a lock; readers take it only to find where their records are.
/// Without <see cref="GroupFlush"/> a batch can be read, and is acknowledged, once the operating system has it; with it, once the disk has it.
/// </summary>
internal sealed class PartitionLog : IFlushable
{
    /// <summary>There is one broker, so leadership never moves.</summary>
    public const int LeaderEpoch = 0;

    private const string LogStartFile = "log-start-offset";

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly StorageContext _context;
    private readonly List<Segment> _segments;
    private readonly ProducerStates _producers = new();
    private readonly HashSet<AppendSignal> _readers = [];
    private TopicSettings _settings;
    private long _logStart;
    private Readable _readable;
    private bool _deleted;

    private PartitionLog(string folder, TopicSettings settings, StorageContext context)
    {
        _folder = folder;
        _settings = settings;
        _context = context;
        _segments = Segment.OpenAll(folder);
    }

    /// <summary>Offset of the first readable record.</summary>
    public long LogStart
    {
        get
        {
            lock (_gate)
            {
                return _logStart;
            }
        }
    }

    /// <summary>Offset after the last readable record.</summary>
    public long HighWatermark
    {
        get
        {
            lock (_gate)
            {
                return _readable.Offset;
            }
        }
    }

    private Segment Active => _segments[^1];

    /// <summary>Opens the log, with whatever a crash left of it, or begins it.</summary>
    public static PartitionLog Open(string folder, TopicSettings settings, StorageContext context)
    {
        Directory.CreateDirectory(folder);
        var log = new PartitionLog(folder, settings, context);
        log.Recover();
        return log;
    }

    /// <param name="batch">What a producer sent for this partition; it is given its offset in place.</param>
    public AppendResult Append(Span<byte> batch)
    {
        var settings = Volatile.Read(ref _settings);
        var now = _context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var error = BatchCheck.Check(batch, settings, now);
        if (error != ErrorCode.None)
        {
            return AppendResult.Failed(error);
        }

        lock (_gate)
        {
            return _deleted ? AppendResult.Failed(ErrorCode.UnknownTopicOrPartition) : AppendInOrder(batch, settings, now);
        }
    }

    /// <summary>When the disk has all that was appended so far. At once where that is not promised.</summary>
    public Task FlushAsync() => _context.Flush?.FlushAsync(this) ?? Task.CompletedTask;

    /// <summary>Makes the disk have what was appended, and lets it be read.</summary>
    public void Flush()
    {
        Readable end;
        lock (_gate)
        {
            if (_deleted)
            {
                return;
            }

            end = new(Active.NextOffset, Active, Active.Size);
            end.Segment.Acquire();
        }

        try
        {
            end.Segment.Flush();
        }
        finally
        {
            end.Segment.Release();
        }

        lock (_gate)
        {
            Publish(end);
        }
    }

    /// <summary>Finds records to read.</summary>
    /// <param name="offset">The first one wanted. The first batch may begin before it.</param>
    /// <param name="maxBytes">Most bytes to return.</param>
    /// <param name="atLeastOne">Whether to return a batch that is larger, rather than nothing.</param>
    public FetchResult Read(long offset, int maxBytes, bool atLeastOne)
    {
        Segment segment;
        FetchResult nothing;
        int from, end, boundary;
        lock (_gate)
        {
            nothing = new(ErrorCode.None, _readable.Offset, _logStart, default);
            if (_deleted)
            {
                return nothing with { Error = ErrorCode.UnknownTopicOrPartition };
            }

            if (offset < _logStart || offset > _readable.Offset)
            {
                return nothing with { Error = ErrorCode.OffsetOutOfRange };
            }

            if (offset == _readable.Offset || (maxBytes <= 0 && !atLeastOne))
            {
                return nothing;
            }

            segment = _segments[FindSegment(offset)];
            from = segment.Index.FindOffset((int)(offset - segment.BaseOffset));
            end = ReadableEnd(segment);
            boundary = segment.Index.FindBoundary((int)Math.Min(end, from + (long)maxBytes));
            segment.Acquire();
        }

        return Slice(segment, offset, from, end, boundary, maxBytes, atLeastOne) is { } slice ? nothing with { Records = slice } : nothing;
    }

    /// <summary>The first record of a time or later.</summary>
    /// <param name="timestamp">Unix milliseconds.</param>
    /// <returns>Its offset and time; null when there is none.</returns>
    public (long Offset, long Timestamp)? FindTimestamp(long timestamp)
    {
        List<(Segment Segment, int From, int End)> candidates = [];
        long logStart;
        lock (_gate)
        {
            logStart = _logStart;
            foreach (var segment in _segments)
            {
                if (segment.MaxTimestamp >= timestamp && ReadableEnd(segment) > 0)
                {
                    segment.Acquire();
                    candidates.Add((segment, segment.Index.FindTimestamp(timestamp), ReadableEnd(segment)));
                }
            }
        }

        try
        {
            foreach (var (segment, from, end) in candidates)
            {
                if (TimestampSearch.Find(segment, from, end, timestamp, logStart) is { } found)
                {
                    return found;
                }
            }

            return null;
        }
        finally
        {
            candidates.ForEach(candidate => candidate.Segment.Release());
        }
    }

    /// <summary>Makes the records before an offset unreadable. Their segments are deleted by <see cref="ApplyRetention"/>.</summary>
    /// <param name="offset">The first to keep; null deletes all.</param>
    /// <returns>The log's start, or null when the offset is outside of the log.</returns>
    /// <exception cref="IOException">The new start could not be written down.</exception>
    public long? DeleteRecords(long? offset)
    {
        lock (_gate)
        {
            var start = offset ?? _readable.Offset;
            if (start < 0 || start > _readable.Offset)
            {
                return null;
            }

            if (start > _logStart)
            {
                DurableFile.Write(Path.Combine(_folder, LogStartFile), start.ToString(CultureInfo.InvariantCulture), _context.Flush is not null);
                _logStart = start;
            }

            return _logStart;
        }
    }

    /// <summary>Takes other settings from now on.</summary>
    public void Configure(TopicSettings settings) => Volatile.Write(ref _settings, settings);

    /// <summary>Deletes the segments that are too old, too many, or before the log's start.</summary>
    /// <returns>How many.</returns>
    public int ApplyRetention()
    {
        lock (_gate)
        {
            var deleted = 0;
            while (!_deleted && _segments[0].Size > 0 && IsExpired(_segments[0]))
            {
                if (_segments.Count == 1)
                {
                    Roll();
                }

                _segments[0].Delete();
                _segments.RemoveAt(0);
                _logStart = Math.Max(_logStart, _segments[0].BaseOffset);
                deleted++;
            }

            return deleted;
        }
    }

    /// <summary>Has <paramref name="signal"/> woken when there is more to read.</summary>
    public void Watch(AppendSignal signal)
    {
        lock (_gate)
        {
            _readers.Add(signal);
        }
    }

    public void Unwatch(AppendSignal signal)
    {
        lock (_gate)
        {
            _readers.Remove(signal);
        }
    }

    /// <summary>Closes the files. Nothing can be appended afterwards.</summary>
    /// <param name="flush">Whether the disk has to have everything first.</param>
    public void Close(bool flush)
    {
        if (flush)
        {
            Flush();
        }

        lock (_gate)
        {
            if (!_deleted)
            {
                _deleted = true;
                _segments.ForEach(segment => segment.Release());
                WakeReaders();
            }
        }
    }

    private void Recover()
    {
        var start = Path.Combine(_folder, LogStartFile);
        _logStart = File.Exists(start) ? long.Parse(File.ReadAllText(start), CultureInfo.InvariantCulture) : 0;
        for (var i = 0; i < _segments.Count; i++)
        {
            // Only the last segment was being written: the others were whole when they were left.
            var cut = _segments[i].Recover(verify: i == _segments.Count - 1, header => _producers.Note(header));
            if (cut > 0)
            {
                _context.Log.LogTailCut(_segments[i].Path, cut);
            }

            if (i + 1 < _segments.Count && _segments[i + 1].BaseOffset != _segments[i].NextOffset)
            {
                DeleteFrom(i + 1);
            }
        }

        if (_segments.Count == 0)
        {
            _segments.Add(CreateSegment(_logStart));
        }

        _logStart = Math.Min(Math.Max(_logStart, _segments[0].BaseOffset), Active.NextOffset);
        _readable = new(Active.NextOffset, Active, Active.Size);
    }

    // After a loss of power: what follows a hole cannot be offered, since offsets have no holes.
    private void DeleteFrom(int index)
    {
        foreach (var segment in _segments[index..])
        {
            _context.Log.LogSegmentLost(segment.Path);
            segment.Delete();
        }

        _segments.RemoveRange(index, _segments.Count - index);
    }

    private AppendResult AppendInOrder(Span<byte> batch, TopicSettings settings, long now)
    {
        var header = BatchHeader.Read(batch);
        if (header.ProducerId >= 0)
        {
            switch (_producers.Judge(header))
            {
                case ProducerVerdict.Duplicate duplicate:
                    return new(ErrorCode.None, duplicate.BaseOffset, settings.UsesLogAppendTime ? duplicate.Timestamp : -1);
                case ProducerVerdict.OutOfOrder:
                    return AppendResult.Failed(ErrorCode.OutOfOrderSequenceNumber);
                case ProducerVerdict.Fenced:
                    return AppendResult.Failed(ErrorCode.InvalidProducerEpoch);
            }
        }

        try
        {
            return Write(batch, settings, now);
        }
        catch (IOException exception)
        {
            _context.Log.LogWriteFailed(_folder, exception);
            return AppendResult.Failed(ErrorCode.StorageError);
        }
    }

    private AppendResult Write(Span<byte> batch, TopicSettings settings, long now)
    {
        if (IsFull(Active, batch.Length, settings, now))
        {
            Roll();
        }

        if (settings.UsesLogAppendTime)
        {
            BatchHeader.StampAppendTime(batch, now);
        }

        BatchHeader.Place(batch, Active.NextOffset, LeaderEpoch);
        var header = BatchHeader.Read(batch);
        Active.Append(batch, header);
        _producers.Note(header);
        if (_context.Flush is null)
        {
            Publish(new(Active.NextOffset, Active, Active.Size));
        }

        return new(ErrorCode.None, header.BaseOffset, settings.UsesLogAppendTime ? now : -1);
    }

    private static bool IsFull(Segment segment, int more, TopicSettings settings, long now) =>
        segment.Size > 0
        && (segment.Size + (long)more > settings.SegmentBytes
            || now - segment.FirstTimestamp > settings.SegmentMs
            || segment.NextOffset - segment.BaseOffset > int.MaxValue - more);

    private void Roll()
    {
        if (_context.Flush is not null)
        {
            Active.Flush();
        }

        _segments.Add(CreateSegment(Active.NextOffset));
        if (_readable.Offset == Active.NextOffset)
        {
            _readable = new(Active.NextOffset, Active, 0);
        }
    }

    private Segment CreateSegment(long baseOffset)
    {
        var segment = Segment.Create(_folder, baseOffset);
        if (_context.Flush is not null)
        {
            DurableFile.FlushFolder(_folder);
        }

        return segment;
    }

    private bool IsExpired(Segment oldest)
    {
        var settings = _settings;
        if (oldest.NextOffset > _readable.Offset)
        {
            return false;
        }

        var now = _context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return oldest.NextOffset <= _logStart
            || (settings.RetentionMs >= 0 && now - oldest.LastChange > settings.RetentionMs)
            || (settings.RetentionBytes >= 0 && _segments.Sum(segment => (long)segment.Size) - oldest.Size >= settings.RetentionBytes);
    }

    private void Publish(Readable end)
    {
        if (end.Offset > _readable.Offset)
        {
            _readable = end;
            WakeReaders();
        }
    }

    private void WakeReaders()
    {
        foreach (var reader in _readers)
        {
            reader.Wake();
        }
    }

    private int FindSegment(long offset)
    {
        var index = _segments.Count - 1;
        while (index > 0 && _segments[index].BaseOffset > offset)
        {
            index--;
        }

        return index;
    }

    private int ReadableEnd(Segment segment) =>
        segment == _readable.Segment ? _readable.Position
        : segment.BaseOffset < _readable.Offset ? segment.Size
        : 0;

    private static SegmentSlice? Slice(Segment segment, long offset, int from, int end, int boundary, int maxBytes, bool atLeastOne)
    {
        using var walk = new BatchWalk(segment, from, end, SegmentIndex.Interval);
        while (walk.MoveNext())
        {
            if (walk.Header.NextOffset > offset)
            {
                var start = walk.Position;
                var length = WholeBatches(start, walk.Header.TotalSize, end, boundary, maxBytes, atLeastOne);
                if (length > 0)
                {
                    return new(segment, start, length);
                }

                break;
            }
        }

        segment.Release();
        return null;
    }

    // As much as fits: to the end, or to a boundary of batches that the index knows, or just the first batch.
    private static int WholeBatches(int start, int firstSize, int end, int boundary, int maxBytes, bool atLeastOne) =>
        end - start <= maxBytes ? end - start
        : boundary > start && boundary - start <= maxBytes ? boundary - start
        : firstSize <= maxBytes || atLeastOne ? firstSize
        : 0;

    /// <summary>Up to where the log can be read.</summary>
    private readonly record struct Readable(long Offset, Segment Segment, int Position);
}
