using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace CrmMail.Contracts;

/// <summary>The identity of an event, the same over all its deliveries. Unique only together with its source and account.</summary>
public sealed record EventId
{
    /// <summary>The longest event id, in characters.</summary>
    public const int MaxLength = 256;

    private EventId(string value) => Value = value;

    /// <summary>Printable ASCII, 1 to <see cref="MaxLength"/> characters.</summary>
    public string Value { get; }

    /// <summary>
    /// The id that the sender gave (EmailEngine: the header <c>X-EE-Wh-Event-Id</c>), else <c>sha256:</c> and the hash of the raw body,
    /// so that two deliveries of one event agree either way.
    /// </summary>
    public static EventId Of(string? given, ReadOnlySpan<byte> rawBody) =>
        TryParse(given, out var eventId) ? eventId : new EventId("sha256:" + Convert.ToHexStringLower(SHA256.HashData(rawBody)));

    /// <summary>Reads an event id; false unless it is printable ASCII of at most <see cref="MaxLength"/> characters.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EventId? eventId)
    {
        var valid = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
        eventId = valid ? new EventId(text!) : null;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
