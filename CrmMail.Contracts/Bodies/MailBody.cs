using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>What a mail says, as it may be stored.</summary>
/// <param name="Text">The plain text; empty when there is none.</param>
/// <param name="Html">The HTML; empty when there is none, or when it is not stored.</param>
/// <param name="IsTruncated">Whether the mail said more.</param>
public sealed record MailBody(string Text, string Html, bool IsTruncated)
{
    private const int HeaderSize = 1 + sizeof(int);

    /// <summary>The bytes that are encrypted: a flag, the length of the text in UTF-8, the text, the HTML. The same body gives the same bytes.</summary>
    public byte[] ToBytes()
    {
        var textLength = Encoding.UTF8.GetByteCount(Text);
        var bytes = new byte[HeaderSize + textLength + Encoding.UTF8.GetByteCount(Html)];
        bytes[0] = IsTruncated ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), textLength);
        Encoding.UTF8.GetBytes(Text, bytes.AsSpan(HeaderSize));
        Encoding.UTF8.GetBytes(Html, bytes.AsSpan(HeaderSize + textLength));
        return bytes;
    }

    /// <summary>The body of these bytes.</summary>
    /// <exception cref="CryptographicException">They are not those of a body.</exception>
    public static MailBody FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]) is var textLength && (uint)textLength > bytes.Length - HeaderSize)
        {
            throw new CryptographicException("What was decrypted is no body.");
        }

        var content = bytes[HeaderSize..];
        return new MailBody(Encoding.UTF8.GetString(content[..textLength]), Encoding.UTF8.GetString(content[textLength..]), bytes[0] != 0);
    }
}
