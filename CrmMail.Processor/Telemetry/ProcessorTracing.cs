using System.Diagnostics;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.Telemetry;

/// <summary>One span for each batch, linked to the requests at Ingest that its events came by.</summary>
internal static class ProcessorTracing
{
    private static readonly ActivitySource Source = new(MailTelemetry.Processor);

    public static Activity? StartBatch(List<ConsumeResult<byte[], byte[]>> records)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var links = new List<ActivityLink>(records.Count);
        foreach (var record in records)
        {
            if (record.Message.Headers is { } headers
                && headers.TryGetText(MailHeaders.TraceParent, out var traceParent)
                && ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context))
            {
                links.Add(new ActivityLink(context));
            }
        }

        // With one event the trace goes on; with many, each of their traces is linked.
        var parent = links.Count == 1 ? links[0].Context : default;
        return Source.StartActivity($"{MailTopics.Events} process", ActivityKind.Consumer, parent, links: links)
            ?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.batch.message_count", records.Count);
    }
}
