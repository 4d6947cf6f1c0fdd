using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace KafkaConformance.Tests.Wire;

/// <summary>A record batch of the second format, as a producer sends it: uncompressed, records without keys and headers.</summary>
/// <param name="Values">One record each.</param>
internal sealed record RecordBatch(params string[] Values)
{
    private const int AttributesOffset = 21;
    private const int CrcOffset = 17;
    private const int LengthOffset = 8;

    public long ProducerId { get; init; } = -1;

    public short ProducerEpoch { get; init; } = -1;

    /// <summary>Of the first record.</summary>
    public int Sequence { get; init; } = -1;

    public long Timestamp { get; init; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public byte[] ToBytes()
    {
        var batch = new RequestWriter()
            .Int64(0).Int32(0).Int32(-1).Int8(2).Int32(0)
            .Int16(0).Int32(Values.Length - 1).Int64(Timestamp).Int64(Timestamp)
            .Int64(ProducerId).Int16(ProducerEpoch).Int32(Sequence).Int32(Values.Length);
        for (var index = 0; index < Values.Length; index++)
        {
            var value = Encoding.UTF8.GetBytes(Values[index]);
            var record = new RequestWriter().Int8(0).Varint(0).Varint(index).Varint(-1).Varint(value.Length).Raw(value).Varint(0).Written;
            batch.Varint(record.Length).Raw(record);
        }

        var bytes = batch.Written.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(LengthOffset), bytes.Length - LengthOffset - sizeof(int));
        WriteCrc(bytes);
        return bytes;
    }

    /// <summary>A batch with one record whose bytes are as many as said.</summary>
    public static RecordBatch OfSize(int size)
    {
        var smaller = new RecordBatch(new string('x', size - 80));
        var batch = new RecordBatch(new string('x', size - 80 + size - smaller.ToBytes().Length));
        Assert.Equal(size, batch.ToBytes().Length);
        return batch;
    }

    /// <summary>A batch with another byte at an offset, and a checksum that is right.</summary>
    public static byte[] Change(byte[] batch, int offset, byte value)
    {
        byte[] changed = [.. batch];
        changed[offset] = value;
        WriteCrc(changed);
        return changed;
    }

    private static void WriteCrc(Span<byte> batch) => BinaryPrimitives.WriteUInt32BigEndian(batch[CrcOffset..], Crc32C(batch[AttributesOffset..]));

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var next in bytes)
        {
            crc = BitOperations.Crc32C(crc, next);
        }

        return ~crc;
    }
}
