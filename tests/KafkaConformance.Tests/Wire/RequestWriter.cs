using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace KafkaConformance.Tests.Wire;

/// <summary>Kafka's primitive types, of the versions before the flexible ones: big-endian, lengths in front.</summary>
internal sealed class RequestWriter
{
    private readonly ArrayBufferWriter<byte> _written = new();

    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    public RequestWriter Int8(sbyte value) => Raw([(byte)value]);

    public RequestWriter Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_written.GetSpan(sizeof(short)), value);
        _written.Advance(sizeof(short));
        return this;
    }

    public RequestWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_written.GetSpan(sizeof(int)), value);
        _written.Advance(sizeof(int));
        return this;
    }

    public RequestWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_written.GetSpan(sizeof(long)), value);
        _written.Advance(sizeof(long));
        return this;
    }

    public RequestWriter Text(string? value)
    {
        if (value is null)
        {
            return Int16(-1);
        }

        var bytes = Encoding.UTF8.GetBytes(value);
        return Int16((short)bytes.Length).Raw(bytes);
    }

    public RequestWriter Bytes(ReadOnlySpan<byte> value) => Int32(value.Length).Raw(value);

    /// <summary>Zigzag, as inside of records.</summary>
    public RequestWriter Varint(long value)
    {
        var left = (ulong)((value << 1) ^ (value >> 63));
        while (left >= 0x80)
        {
            Raw([(byte)(left | 0x80)]);
            left >>= 7;
        }

        return Raw([(byte)left]);
    }

    public RequestWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _written.Write(bytes);
        return this;
    }
}
