using System.Buffers.Binary;
using System.Text;

namespace KafkaConformance.Tests.Wire;

/// <summary>Reads what <see cref="RequestWriter"/> writes.</summary>
internal sealed class ResponseReader(ReadOnlyMemory<byte> frame)
{
    private int _position;

    public int Remaining => frame.Length - _position;

    public sbyte Int8() => (sbyte)Take(sizeof(sbyte)).Span[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)).Span);

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)).Span);

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)).Span);

    public string? Text()
    {
        var length = Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length).Span);
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        var length = Int32();
        return length < 0 ? default : Take(length);
    }

    /// <summary>The count and length of compact arrays and strings: one more than the real one.</summary>
    public int CompactLength()
    {
        int value = 0, shift = 0;
        byte next;
        do
        {
            next = (byte)Int8();
            value |= (next & 0x7f) << shift;
            shift += 7;
        }
        while (next >= 0x80);
        return value - 1;
    }

    /// <summary>Reads the elements of an array; none if it is null.</summary>
    public List<T> Array<T>(Func<ResponseReader, T> element)
    {
        var count = Int32();
        var read = new List<T>();
        for (var index = 0; index < count; index++)
        {
            read.Add(element(this));
        }

        return read;
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        var taken = frame.Slice(_position, count);
        _position += count;
        return taken;
    }
}
