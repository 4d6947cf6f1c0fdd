using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace EmailEngineSimulator.Messages;

/// <summary>
/// EmailEngine's ids. A message is its folder and its UID, so it changes when the mail is moved: base64url of two big-endian 32-bit numbers.
/// An attachment adds its part number, a text adds a MessagePack list of part numbers.
/// </summary>
internal readonly record struct MessageHandle(uint Folder, uint Uid)
{
    private const int Length = 8;

    public override string ToString() => Encode([]);

    /// <summary>The id of an attachment of the message.</summary>
    public string Attachment(string part) => Encode(Encoding.ASCII.GetBytes(part));

    /// <summary>The id of the text of the message: <c>[[plain parts], [HTML parts], []]</c>.</summary>
    public string Text(IReadOnlyList<string> plain, IReadOnlyList<string> html)
    {
        List<byte> pack = [0x93];
        AppendList(pack, plain);
        AppendList(pack, html);
        pack.Add(0x90);
        return Encode([.. pack]);
    }

    /// <param name="id">The id of a message, an attachment or a text.</param>
    /// <param name="handle">The message it belongs to.</param>
    /// <param name="rest">What follows the message in it.</param>
    public static bool TryParse(string id, out MessageHandle handle, out byte[] rest)
    {
        handle = default;
        rest = [];
        if (!Base64Url.IsValid(id))
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(id);
        if (bytes.Length < Length)
        {
            return false;
        }

        handle = new MessageHandle(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)));
        rest = bytes[Length..];
        return true;
    }

    private string Encode(ReadOnlySpan<byte> rest)
    {
        var bytes = new byte[Length + rest.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Folder);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Uid);
        rest.CopyTo(bytes.AsSpan(Length));
        return Base64Url.EncodeToString(bytes);
    }

    private static void AppendList(List<byte> pack, IReadOnlyList<string> parts)
    {
        pack.Add((byte)(0x90 | parts.Count));
        foreach (var part in parts)
        {
            pack.Add((byte)(0xa0 | part.Length));
            pack.AddRange(Encoding.ASCII.GetBytes(part));
        }
    }
}
