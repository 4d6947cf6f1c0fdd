using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace CrmMail.Ingest.Webhooks;

/// <summary>
/// The signature that a webhook claims: HMAC-SHA256 over the raw body, as base64url (RFC 4648, section 5) in the header
/// <c>X-EE-Wh-Signature</c>. EmailEngine writes it without padding; with padding it is the same value.
/// </summary>
internal struct WebhookSignature
{
    public const string HeaderName = "X-EE-Wh-Signature";

    private const int EncodedLength = 43;
    private const int PaddedLength = 44;

    // The decoder would skip white space.
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private Mac _mac;

    /// <summary>Reads the header; false when there is not exactly one, or when no signature can look like it.</summary>
    public static bool TryParse(StringValues header, out WebhookSignature signature)
    {
        signature = default;
        if (header.Count != 1 || header[0] is not { Length: EncodedLength or PaddedLength } text
            || text.AsSpan(0, EncodedLength).ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        var status = Base64Url.DecodeFromChars(text, signature._mac, out var consumed, out var written);
        return status == OperationStatus.Done && consumed == text.Length && written == HMACSHA256.HashSizeInBytes;
    }

    /// <summary>
    /// The position of the secret that signed the body, or -1. Every secret is tried and every byte compared, so that the time tells
    /// nothing of how near a guess was.
    /// </summary>
    public readonly int FindSigner(ReadOnlySpan<byte> body, ReadOnlySpan<byte[]> secrets)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var signer = -1;
        for (var i = 0; i < secrets.Length; i++)
        {
            HMACSHA256.HashData(secrets[i], body, expected);
            signer = CryptographicOperations.FixedTimeEquals(expected, _mac) ? i : signer;
        }

        return signer;
    }
}
