using KafkaBroker.Protocol;
using KafkaBroker.Topics;

namespace KafkaBroker.Storage;

/// <summary>What Kafka demands of a batch before it takes it.</summary>
internal static class BatchCheck
{
    private const int MagicAt = 16;

    /// <param name="records">The producer's bytes for one partition: exactly one batch.</param>
    /// <param name="settings">Of the topic.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static ErrorCode Check(ReadOnlySpan<byte> records, TopicSettings settings, long now)
    {
        if (records.Length > MagicAt && records[MagicAt] != 2)
        {
            return ErrorCode.UnsupportedForMessageFormat;
        }

        if (records.Length < BatchHeader.Size)
        {
            return records.IsEmpty ? ErrorCode.InvalidRecord : ErrorCode.CorruptMessage;
        }

        var header = BatchHeader.Read(records);
        if (header.TotalSize != records.Length)
        {
            // A second batch after it, or half a batch.
            return header.TotalSize >= BatchHeader.Size && header.TotalSize < records.Length ? ErrorCode.InvalidRecord : ErrorCode.CorruptMessage;
        }

        return records.Length > settings.MaxMessageBytes ? ErrorCode.MessageTooLarge
            : BatchHeader.ComputeCrc(records) != header.Crc ? ErrorCode.CorruptMessage
            : CheckContent(header, records[BatchHeader.Size..], settings, now);
    }

    private static ErrorCode CheckContent(in BatchHeader header, ReadOnlySpan<byte> records, TopicSettings settings, long now)
    {
        if ((header with { BaseOffset = 0 }).IsPlausible is false || header.IsControl || (int)header.Compression > (int)Compression.Zstd)
        {
            return ErrorCode.InvalidRecord;
        }

        if (header.IsTransactional)
        {
            return ErrorCode.InvalidTransactionState;
        }

        if (header.ProducerId >= 0 && (header.BaseSequence < 0 || header.ProducerEpoch < 0))
        {
            return ErrorCode.InvalidRecord;
        }

        if (!settings.UsesLogAppendTime
            && (header.MaxTimestamp - now > settings.TimestampAfterMaxMs || now - header.FirstTimestamp > settings.TimestampBeforeMaxMs))
        {
            return ErrorCode.InvalidTimestamp;
        }

        return header.Compression != Compression.None || AreWellFormed(header, records) ? ErrorCode.None : ErrorCode.InvalidRecord;
    }

    private static bool AreWellFormed(in BatchHeader header, ReadOnlySpan<byte> records)
    {
        var reader = new RecordReader(header, records);
        while (reader.MoveNext())
        {
        }

        return reader.IsComplete;
    }
}
