using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace CrmMail.Contracts;

/// <summary>
/// One event through all services: on every log line, span and row. It tells nothing of the mail, and is the same for every delivery
/// and every replay of the event. Ingest decides it, the header <see cref="MailHeaders.CorrelationId"/> carries it.
/// </summary>
public sealed record CorrelationId
{
    private const int HashedBytes = 16;

    private CorrelationId(string value) => Value = value;

    /// <summary>32 lower hex digits.</summary>
    public string Value { get; }

    /// <summary>The first 16 bytes of SHA-256 over source, account and event id, each as UTF-8 and parted by a NUL, which none of them can hold.</summary>
    public static CorrelationId Of(MailSource source, AccountId account, EventId eventId)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(eventId);
        var identity = Encoding.UTF8.GetBytes($"{source.ToText()}\0{account.Value}\0{eventId.Value}");
        return new CorrelationId(Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, HashedBytes)));
    }

    /// <summary>Reads a correlation id; false unless it is 32 lower hex digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CorrelationId? correlationId)
    {
        var valid = text is { Length: 2 * HashedBytes } && text.All(char.IsAsciiHexDigitLower);
        correlationId = valid ? new CorrelationId(text!) : null;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
