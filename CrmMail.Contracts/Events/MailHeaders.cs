using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;

namespace CrmMail.Contracts;

/// <summary>The names of the record headers of <see cref="MailTopics.Events"/>; values are UTF-8 text.</summary>
public static class MailHeaders
{
    /// <summary>Who told us: the stable text of a <see cref="MailSource"/>.</summary>
    public const string Source = "source";

    /// <summary>The name of the event as the sender gave it, such as <c>messageNew</c>.</summary>
    public const string Event = "event";

    /// <summary>The <see cref="Contracts.EventId"/>, the same over all deliveries of one event.</summary>
    public const string EventId = "event-id";

    /// <summary>When Ingest had the whole body: UTC, ISO 8601 with seven decimals.</summary>
    public const string ReceivedAt = "received-at";

    /// <summary>The <see cref="Contracts.CorrelationId"/>.</summary>
    public const string CorrelationId = "correlation-id";

    /// <summary>The trace of the request at Ingest (W3C Trace Context).</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Of a spilled body: its SHA-256, 64 lower hex digits. The record's value is empty, the bytes lie in <c>spilled_bodies</c>.</summary>
    public const string BodySha256 = "body-sha256";

    /// <summary>Of a spilled body: its size in bytes, decimal.</summary>
    public const string BodySize = "body-size";

    /// <summary>Adds a header whose value is the UTF-8 of <paramref name="value"/>.</summary>
    public static void AddText(this Headers headers, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(headers);
        headers.Add(name, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>The bytes of the last header of that name (as Kafka defines it for repeated names); false when there is none.</summary>
    public static bool TryGetUtf8(this Headers headers, string name, out ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var found = headers.TryGetLastBytes(name, out var bytes) && bytes is not null;
        value = found ? bytes : default;
        return found;
    }

    /// <summary>The text of the last header of that name; false when there is none. Invalid UTF-8 becomes U+FFFD.</summary>
    public static bool TryGetText(this Headers headers, string name, [NotNullWhen(true)] out string? value)
    {
        value = headers.TryGetUtf8(name, out var utf8) ? Encoding.UTF8.GetString(utf8) : null;
        return value is not null;
    }
}
