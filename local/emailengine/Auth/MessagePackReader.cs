using System.Buffers.Binary;
using System.Text;

namespace EmailEngineSimulator.Auth;

/// <summary>Reads what a prepared token consists of: maps, arrays, strings, integers, booleans and nil (https://github.com/msgpack/msgpack/blob/master/spec.md).</summary>
internal sealed class MessagePackReader(byte[] bytes)
{
    private int _position;

    /// <exception cref="FormatException">The bytes end early, or hold another type.</exception>
    public object? ReadValue()
    {
        var type = Take(1)[0];
        return type switch
        {
            <= 0x7f => (long)type,
            <= 0x8f => ReadMap(type & 0x0f),
            <= 0x9f => ReadArray(type & 0x0f),
            <= 0xbf => ReadString(type & 0x1f),
            0xc0 => null,
            0xc2 => false,
            0xc3 => true,
            0xcc => (long)Take(1)[0],
            0xcd => (long)BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xce => (long)BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            0xcb => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
            0xcf or 0xd3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            0xd9 => ReadString(Take(1)[0]),
            0xda => ReadString(BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
            0xdc => ReadArray(BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
            0xde => ReadMap(BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
            >= 0xe0 => (long)(sbyte)type,
            _ => throw new FormatException($"MessagePack type 0x{type:x2} has no place in a token."),
        };
    }

    private Dictionary<string, object?> ReadMap(int count)
    {
        Dictionary<string, object?> map = new(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = ReadValue() as string ?? throw new FormatException("a MessagePack key is not a string.");
            map[key] = ReadValue();
        }

        return map;
    }

    private List<object?> ReadArray(int count)
    {
        List<object?> list = [];
        for (var i = 0; i < count; i++)
        {
            list.Add(ReadValue());
        }

        return list;
    }

    private string ReadString(int length) => Encoding.UTF8.GetString(Take(length));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - _position)
        {
            throw new FormatException("the MessagePack ends early.");
        }

        var taken = bytes.AsSpan(_position, count);
        _position += count;
        return taken;
    }
}
