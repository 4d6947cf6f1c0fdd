using System.Buffers.Binary;
using System.Text;

namespace KafkaBroker.Protocol;

/// <summary>Reads the types of the protocol from a frame, in order. Nothing it returns may outlive the frame, except strings.</summary>
/// <param name="frame">The frame without its length. Records in it may be changed in place.</param>
/// <exception cref="MalformedRequestException">By every method: the frame ends too early or a length is impossible.</exception>
internal ref struct RequestReader(Span<byte> frame)
{
    /// <summary>What one request may list in all. Without a limit, a frame of tiny elements would make an answer many times its size.</summary>
    private const int MaxElements = 100_000;

    private Span<byte> _rest = frame;
    private int _elements = 0;

    public bool ReadBoolean() => ReadInt8() != 0;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public string ReadString() => ReadNullableString() ?? throw new MalformedRequestException("A string is null.");

    public string? ReadNullableString()
    {
        var length = ReadInt16();
        return length < -1 ? throw new MalformedRequestException($"A string has length {length}.")
            : length == -1 ? null
            : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>Bytes, of which null and empty are the same.</summary>
    public Span<byte> ReadBytes()
    {
        var length = ReadInt32();
        return length < -1 ? throw new MalformedRequestException($"Bytes have length {length}.")
            : length == -1 ? default
            : Take(length);
    }

    /// <summary>How many elements follow; null counts as none.</summary>
    public int ReadArrayLength() => Math.Max(0, ReadNullableArrayLength());

    /// <summary>How many elements follow; -1 for null.</summary>
    public int ReadNullableArrayLength()
    {
        var length = ReadInt32();
        // Every element takes a byte or more.
        if (length < -1 || length > _rest.Length)
        {
            throw new MalformedRequestException($"An array has length {length} with {_rest.Length} bytes left.");
        }

        _elements += Math.Max(0, length);
        return _elements <= MaxElements ? length : throw new MalformedRequestException($"More than {MaxElements} elements in one request.");
    }

    /// <summary>A string of a flexible version.</summary>
    public string? ReadCompactString()
    {
        var length = ReadUnsignedVarInt();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(length - 1));
    }

    /// <summary>Passes over the tagged fields of a flexible version.</summary>
    public void SkipTags()
    {
        for (var left = ReadUnsignedVarInt(); left > 0; left--)
        {
            ReadUnsignedVarInt();
            Take(ReadUnsignedVarInt());
        }
    }

    private int ReadUnsignedVarInt()
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = (byte)ReadInt8();
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value <= int.MaxValue ? (int)value : throw new MalformedRequestException("A varint is beyond 2^31.");
            }
        }

        throw new MalformedRequestException("A varint does not end.");
    }

    private Span<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new MalformedRequestException($"{count} bytes are announced and {_rest.Length} are left.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
