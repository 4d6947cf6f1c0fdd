using System.Buffers;

namespace KafkaBroker.Storage;

/// <summary>Looks into batches for a record by its time.</summary>
internal static class TimestampSearch
{
    /// <summary>The first record of a time or later in a part of a segment, not before an offset.</summary>
    public static (long Offset, long Timestamp)? Find(Segment segment, int from, int end, long timestamp, long notBefore)
    {
        using var walk = new BatchWalk(segment, from, end, SegmentIndex.Interval);
        while (walk.MoveNext())
        {
            if (walk.Header.MaxTimestamp >= timestamp && walk.Header.NextOffset > notBefore
                && FindInBatch(segment, walk.Position, walk.Header, timestamp, notBefore) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static (long Offset, long Timestamp)? FindInBatch(Segment segment, int position, in BatchHeader header, long timestamp, long notBefore)
    {
        if (header.IsLogAppendTime)
        {
            return (Math.Max(header.BaseOffset, notBefore), header.MaxTimestamp);
        }

        var size = header.TotalSize - BatchHeader.Size;
        var bytes = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            segment.Read(position + BatchHeader.Size, bytes.AsSpan(0, size));
            // Where the records cannot be unpacked, the batch as a whole is the answer: perhaps too early, never too late.
            return RecordDecompressor.TryDecompress(header.Compression, bytes.AsMemory(0, size), out var records)
                ? FindInRecords(header, records.Span, timestamp, notBefore)
                : (Math.Max(header.BaseOffset, notBefore), header.MaxTimestamp);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static (long Offset, long Timestamp)? FindInRecords(in BatchHeader header, ReadOnlySpan<byte> records, long timestamp, long notBefore)
    {
        var reader = new RecordReader(header, records);
        while (reader.MoveNext())
        {
            if (reader.Timestamp >= timestamp && reader.Offset >= notBefore)
            {
                return (reader.Offset, reader.Timestamp);
            }
        }

        return null;
    }
}
