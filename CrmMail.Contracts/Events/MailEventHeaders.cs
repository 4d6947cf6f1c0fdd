using System.Buffers.Text;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace CrmMail.Contracts;

/// <summary>The headers of one record in <see cref="MailTopics.Events"/>, as Ingest writes and every other service reads them.</summary>
/// <param name="Source">Who told us.</param>
/// <param name="Event">The name of the event as the sender gave it.</param>
/// <param name="EventId">The event, the same over all its deliveries.</param>
/// <param name="ReceivedAt">When Ingest had the whole body.</param>
/// <param name="CorrelationId">On every log line, span and row of this event.</param>
/// <param name="TraceParent">The trace of the request at Ingest, if there was one.</param>
/// <param name="SpilledBody">Where the body is, when it was too large for a record; then the record's value is empty.</param>
public sealed record MailEventHeaders(
    MailSource Source,
    string Event,
    EventId EventId,
    DateTimeOffset ReceivedAt,
    CorrelationId CorrelationId,
    string? TraceParent = null,
    SpilledBody? SpilledBody = null)
{
    private const int TimeLength = 28;

    // A header is never changed once it was made, so all records share those of few values.
    private static readonly FrozenDictionary<MailSource, Header> SourceHeaders =
        Enum.GetValues<MailSource>().ToFrozenDictionary(source => source, source => new Header(MailHeaders.Source, Encoding.UTF8.GetBytes(source.ToText())));

    /// <summary>The headers as Kafka carries them.</summary>
    public Headers ToKafka()
    {
        var headers = new Headers();
        headers.Add(SourceHeaders[Source]);
        headers.AddText(MailHeaders.Event, Event);
        headers.AddText(MailHeaders.EventId, EventId.Value);
        headers.Add(MailHeaders.ReceivedAt, ToUtf8(ReceivedAt));
        headers.AddText(MailHeaders.CorrelationId, CorrelationId.Value);
        if (TraceParent is not null)
        {
            headers.AddText(MailHeaders.TraceParent, TraceParent);
        }

        if (SpilledBody is not null)
        {
            headers.AddText(MailHeaders.BodySha256, SpilledBody.Sha256Hex);
            headers.AddText(MailHeaders.BodySize, SpilledBody.Size.ToString(CultureInfo.InvariantCulture));
        }

        return headers;
    }

    /// <summary>Reads the headers of a record; false, and the name of the first header that is missing or wrong.</summary>
    public static bool TryRead(Headers kafka, [NotNullWhen(true)] out MailEventHeaders? headers, [NotNullWhen(false)] out string? wrongHeader)
    {
        headers = null;
        if (!kafka.TryGetText(MailHeaders.Source, out var sourceText) || !StableText.TryParse<MailSource>(sourceText, out var source))
        {
            wrongHeader = MailHeaders.Source;
        }
        else if (!kafka.TryGetText(MailHeaders.Event, out var @event) || @event.Length == 0)
        {
            wrongHeader = MailHeaders.Event;
        }
        else if (!kafka.TryGetText(MailHeaders.EventId, out var eventIdText) || !EventId.TryParse(eventIdText, out var eventId))
        {
            wrongHeader = MailHeaders.EventId;
        }
        else if (!TryReadTime(kafka, out var receivedAt))
        {
            wrongHeader = MailHeaders.ReceivedAt;
        }
        else if (!kafka.TryGetText(MailHeaders.CorrelationId, out var correlationText) || !CorrelationId.TryParse(correlationText, out var correlationId))
        {
            wrongHeader = MailHeaders.CorrelationId;
        }
        else if (!SpilledBody.TryRead(kafka, out var spilledBody, out wrongHeader))
        {
            return false;
        }
        else
        {
            kafka.TryGetText(MailHeaders.TraceParent, out var traceParent);
            headers = new MailEventHeaders(source, @event, eventId, receivedAt, correlationId, traceParent, spilledBody);
            return true;
        }

        return false;
    }

    private static byte[] ToUtf8(DateTimeOffset time)
    {
        var utf8 = new byte[TimeLength];
        time.UtcDateTime.TryFormat(utf8, out _, "O", CultureInfo.InvariantCulture);
        return utf8;
    }

    private static bool TryReadTime(Headers kafka, out DateTimeOffset time)
    {
        time = default;
        if (!kafka.TryGetUtf8(MailHeaders.ReceivedAt, out var utf8)
            || !Utf8Parser.TryParse(utf8, out DateTime utc, out var read, 'O') || read != utf8.Length || utc.Kind != DateTimeKind.Utc)
        {
            return false;
        }

        time = new DateTimeOffset(utc);
        return true;
    }
}
