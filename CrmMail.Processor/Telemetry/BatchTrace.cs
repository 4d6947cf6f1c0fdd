using System.Diagnostics;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;

namespace CrmMail.Processor.Telemetry;

/// <summary>
/// The spans of a batch (OpenTelemetry semantic conventions for messaging 1.44): one for each event, in the trace of the request that
/// brought it, and one for the batch, which the spans of the database are part of. With one event the batch is part of its trace, which
/// then reaches from the request to the commit; with many it is a trace of its own, linked to all of theirs.
/// </summary>
internal sealed class BatchTrace : IDisposable
{
    private static readonly ActivitySource Source = new(MailTelemetry.Processor);

    private readonly Activity?[] _events;
    private readonly Activity? _batch;

    private BatchTrace(List<ConsumeResult<byte[], byte[]>> records)
    {
        _events = new Activity?[records.Count];
        for (var n = 0; n < records.Count; n++)
        {
            Activity.Current = null;
            _events[n] = StartEvent(records[n]);
        }

        Activity.Current = null;
        _batch = StartBatch(records);
    }

    /// <summary>Null when nobody listens.</summary>
    public static BatchTrace? Start(List<ConsumeResult<byte[], byte[]>> records) => Source.HasListeners() ? new BatchTrace(records) : null;

    /// <summary>The span of the event of the record at that place in the batch.</summary>
    public Activity? Event(int index) => _events[index];

    /// <summary>Tells what became of an event, once it is final.</summary>
    public static void Ended(BatchItem item)
    {
        if (item is { Span: { } span, Outcome: { } outcome })
        {
            span.SetTag(MailTelemetry.OutcomeTag, outcome.Skip is null ? "activity" : "skip");
            span.SetTag(MailTelemetry.ReasonTag, outcome.Skip?.ToText());
        }
    }

    /// <summary>The event is in the database already.</summary>
    public static void Repeated(BatchItem item) => item.Span?.SetTag(MailTelemetry.OutcomeTag, "duplicate");

    /// <summary>The record is a dead letter.</summary>
    public static void PutAside(Activity? span, DeadLetterReason reason) =>
        span?.SetTag(MailTelemetry.OutcomeTag, "dead-letter").SetTag(MailTelemetry.ReasonTag, reason.ToText()).SetStatus(ActivityStatusCode.Error);

    public void Dispose()
    {
        _batch?.Dispose();
        foreach (var span in _events)
        {
            span?.Dispose();
        }
    }

    private static Activity? StartEvent(ConsumeResult<byte[], byte[]> record)
    {
        var headers = record.Message.Headers ?? [];
        var hasParent = headers.TryGetText(MailHeaders.TraceParent, out var traceParent);
        ActivityContext.TryParse(hasParent ? traceParent : null, traceState: null, isRemote: true, out var parent);
        var span = Source.StartActivity("process " + MailTopics.Events, ActivityKind.Consumer, parent);
        if (span is { IsAllDataRequested: true })
        {
            Describe(span);
            span.SetTag("messaging.destination.partition.id", record.Partition.Value);
            span.SetTag("messaging.kafka.offset", record.Offset.Value);
            if (headers.TryGetText(MailHeaders.CorrelationId, out var text) && CorrelationId.TryParse(text, out var correlationId))
            {
                span.SetTag(MailTelemetry.CorrelationIdTag, correlationId.Value);
            }
        }

        return span;
    }

    private Activity? StartBatch(List<ConsumeResult<byte[], byte[]>> records)
    {
        var isOne = records.Count == 1;
        var links = isOne ? [] : _events.OfType<Activity>().Select(span => new ActivityLink(span.Context));
        var span = Source.StartActivity("write " + MailTopics.Events, ActivityKind.Internal, isOne ? _events[0]?.Context ?? default : default, links: links);
        if (span is { IsAllDataRequested: true })
        {
            Describe(span);
            span.SetTag("messaging.batch.message_count", records.Count);
        }

        return span;
    }

    private static void Describe(Activity span) => span
        .SetTag("messaging.system", "kafka")
        .SetTag("messaging.operation.name", "process")
        .SetTag("messaging.operation.type", "process")
        .SetTag("messaging.destination.name", MailTopics.Events);
}
