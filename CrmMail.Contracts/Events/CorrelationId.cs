using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Unicode;

namespace CrmMail.Contracts;

/// <summary>
/// One event through all services: on every log line, span and row. It tells nothing of the mail, and is the same for every delivery
/// and every replay of the event. Ingest decides it, the header <see cref="MailHeaders.CorrelationId"/> carries it.
/// </summary>
public sealed record CorrelationId
{
    private const int HashedBytes = 16;

    // A UTF-16 character of an account id is at most three bytes; sources and event ids are ASCII.
    private const int MaxIdentityBytes = 32 + (AccountId.MaxLength * 3) + EventId.MaxLength + 2;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private CorrelationId(string value) => Value = value;

    /// <summary>32 lower hex digits.</summary>
    public string Value { get; }

    /// <summary>The first 16 bytes of SHA-256 over source, account and event id, each as UTF-8 and parted by a NUL, which none of them can hold.</summary>
    public static CorrelationId Of(MailSource source, AccountId account, EventId eventId)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(eventId);
        Span<byte> identity = stackalloc byte[MaxIdentityBytes];
        Utf8.TryWrite(identity, $"{source.ToText()}\0{account.Value}\0{eventId.Value}", out var length);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(identity[..length], hash);
        return new CorrelationId(Convert.ToHexStringLower(hash[..HashedBytes]));
    }

    /// <summary>Reads a correlation id; false unless it is 32 lower hex digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CorrelationId? correlationId)
    {
        var valid = text is { Length: 2 * HashedBytes } && !text.AsSpan().ContainsAnyExcept(HexDigits);
        correlationId = valid ? new CorrelationId(text!) : null;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
