using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CrmMail.Ingest.Webhooks;
using Microsoft.Extensions.Primitives;

namespace CrmMail.Ingest.MailParse;

/// <summary>
/// The signature that a webhook of MailParse claims: in the header <c>X-Signature</c> 64 lower-case hex digits of HMAC-SHA256 over
/// <c>{X-Timestamp}.{raw body}</c>, where <c>X-Timestamp</c> is the time of signing in whole seconds since 1970.
/// </summary>
internal struct MailParseSignature
{
    public const string HeaderName = "X-Signature";
    public const string TimestampHeaderName = "X-Timestamp";

    private const int EncodedLength = 2 * HMACSHA256.HashSizeInBytes;

    // Until the year 5138; a TimeSpan holds them all.
    private const int MaxTimestampLength = 11;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private Mac _mac;
    private string _timestamp;
    private long _seconds;

    /// <summary>Reads the headers; false when there is not exactly one of each, or when no signature can look like it.</summary>
    public static bool TryParse(StringValues timestamp, StringValues header, out MailParseSignature signature)
    {
        signature = default;
        if (timestamp.Count != 1 || timestamp[0] is not { Length: > 0 and <= MaxTimestampLength } time
            || header.Count != 1 || header[0] is not { Length: EncodedLength } text || text.AsSpan().ContainsAnyExcept(HexDigits)
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out signature._seconds))
        {
            return false;
        }

        signature._timestamp = time;
        return Convert.FromHexString(text, signature._mac, out _, out _) == OperationStatus.Done;
    }

    /// <summary>Whether it was signed no longer ago than the tolerance, and no further ahead.</summary>
    public readonly bool IsFresh(DateTimeOffset now, TimeSpan tolerance) =>
        (now - DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(_seconds)).Duration() <= tolerance;

    /// <summary>
    /// The position of the secret that signed the body, or -1. Every secret is tried and every byte compared, so that the time tells
    /// nothing of how near a guess was.
    /// </summary>
    public readonly int FindSigner(ReadOnlySpan<byte> body, ReadOnlySpan<byte[]> secrets)
    {
        Span<byte> prefix = stackalloc byte[MaxTimestampLength + 1];
        var length = Encoding.ASCII.GetBytes(_timestamp, prefix);
        prefix[length++] = (byte)'.';
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var signer = -1;
        for (var i = 0; i < secrets.Length; i++)
        {
            // In two parts: the body is not copied to have the time in front of it.
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secrets[i]);
            hash.AppendData(prefix[..length]);
            hash.AppendData(body);
            hash.GetHashAndReset(expected);
            signer = CryptographicOperations.FixedTimeEquals(expected, _mac) ? i : signer;
        }

        return signer;
    }
}
