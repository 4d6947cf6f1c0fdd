using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using KafkaBroker.Storage;
using Snappier;

namespace KafkaBroker.Tests.Running;

/// <summary>Record batches as producers make them.</summary>
internal static class TestBatch
{
    /// <summary>A batch with one record per timestamp, each of one key byte and a value of a given size.</summary>
    public static byte[] Create(
        long[] timestamps, Compression compression = Compression.None, long producerId = -1, short epoch = -1, int sequence = -1, int valueSize = 10)
    {
        var records = Pack(compression, Records(timestamps, valueSize));
        var batch = new byte[BatchHeader.Size + records.Length];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - BatchHeader.Prefix);
        batch[16] = 2;
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), (short)compression);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), timestamps.Length - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), timestamps[0]);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), timestamps.Max());
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), timestamps.Length);
        records.CopyTo(batch, BatchHeader.Size);
        Seal(batch);
        return batch;
    }

    /// <summary>A batch of some records of the same time.</summary>
    public static byte[] OfCount(int count, long timestamp = 1_000, int valueSize = 10) => Create([.. Enumerable.Repeat(timestamp, count)], valueSize: valueSize);

    /// <summary>A batch of an idempotent producer.</summary>
    public static byte[] OfProducer(long producerId, short epoch, int sequence, int count = 1) =>
        Create([.. Enumerable.Repeat(1_000L, count)], producerId: producerId, epoch: epoch, sequence: sequence);

    /// <summary>Gives a batch that was changed the right checksum.</summary>
    public static void Seal(byte[] batch) => BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), BatchHeader.ComputeCrc(batch));

    private static byte[] Records(long[] timestamps, int valueSize)
    {
        using var records = new MemoryStream();
        for (var i = 0; i < timestamps.Length; i++)
        {
            using var record = new MemoryStream();
            record.WriteByte(0);
            WriteVarInt(record, timestamps[i] - timestamps[0]);
            WriteVarInt(record, i);
            WriteVarInt(record, 1);
            record.WriteByte((byte)'k');
            WriteVarInt(record, valueSize);
            record.Write(new byte[valueSize]);
            WriteVarInt(record, 0);
            WriteVarInt(records, record.Length);
            record.WriteTo(records);
        }

        return records.ToArray();
    }

    private static void WriteVarInt(MemoryStream stream, long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        for (; zigzag >= 0x80; zigzag >>= 7)
        {
            stream.WriteByte((byte)(zigzag | 0x80));
        }

        stream.WriteByte((byte)zigzag);
    }

    private static byte[] Pack(Compression compression, byte[] records)
    {
        if (compression == Compression.Snappy)
        {
            return Snappy.CompressToArray(records);
        }

        using var packed = new MemoryStream();
        using (Stream stream = compression switch
        {
            Compression.Gzip => new GZipStream(packed, CompressionMode.Compress, leaveOpen: true),
            Compression.Lz4 => LZ4Stream.Encode(packed, leaveOpen: true),
            Compression.Zstd => new ZstdSharp.CompressionStream(packed, leaveOpen: true),
            _ => packed,
        })
        {
            stream.Write(records);
            stream.Flush();
        }

        return packed.ToArray();
    }
}
