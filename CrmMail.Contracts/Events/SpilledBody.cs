using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Confluent.Kafka;

namespace CrmMail.Contracts;

/// <summary>A body too large for a Kafka record: its bytes lie in <c>spilled_bodies</c>, keyed by their SHA-256.</summary>
public sealed record SpilledBody
{
    /// <summary>Stores a body ($2) under its hash ($1); twice is once.</summary>
    public const string Insert = "insert into spilled_bodies (sha256, body) values ($1, $2) on conflict (sha256) do nothing";

    private SpilledBody(string sha256Hex, long size)
    {
        Sha256Hex = sha256Hex;
        Size = size;
    }

    /// <summary>SHA-256 of the body, 64 lower hex digits.</summary>
    public string Sha256Hex { get; }

    /// <summary>The size of the body in bytes.</summary>
    public long Size { get; }

    /// <summary>The 32 bytes of the SHA-256, the key in <c>spilled_bodies</c>.</summary>
    public byte[] ToKey() => Convert.FromHexString(Sha256Hex);

    /// <summary>Describes a body.</summary>
    public static SpilledBody Of(ReadOnlySpan<byte> body) => new(Convert.ToHexStringLower(SHA256.HashData(body)), body.Length);

    /// <summary>Reads both headers; true with null when the record has neither, false when they are wrong or only one is there.</summary>
    public static bool TryRead(Headers headers, out SpilledBody? body, [NotNullWhen(false)] out string? wrongHeader)
    {
        var hasHash = headers.TryGetText(MailHeaders.BodySha256, out var hash);
        var hasSize = headers.TryGetUtf8(MailHeaders.BodySize, out var sizeText);
        body = null;
        wrongHeader = null;
        if (!hasHash && !hasSize)
        {
            return true;
        }

        if (!hasHash || hash!.Length != 2 * SHA256.HashSizeInBytes || !hash.All(char.IsAsciiHexDigitLower))
        {
            wrongHeader = MailHeaders.BodySha256;
            return false;
        }

        if (!hasSize || !Utf8Parser.TryParse(sizeText, out long size, out var read) || read != sizeText.Length || size < 0)
        {
            wrongHeader = MailHeaders.BodySize;
            return false;
        }

        body = new SpilledBody(hash, size);
        return true;
    }
}
