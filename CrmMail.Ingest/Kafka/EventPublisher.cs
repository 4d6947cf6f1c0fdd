using System.Diagnostics;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Ingest.Telemetry;

namespace CrmMail.Ingest.Kafka;

/// <summary>Makes the record of an event and sees it through: circuit breaker, span and duration.</summary>
internal sealed partial class EventPublisher(
    IEventProducer producer, CircuitBreaker breaker, IngestMetrics metrics, TimeProvider time, ILogger<EventPublisher> logger)
{
    /// <summary>
    /// How long an acknowledgement is waited for. The sender waits for 30 seconds, and shall hear of a failure long before it gives up.
    /// A record that is acknowledged later is there all the same, and the sender's second copy is recognised by its event id.
    /// </summary>
    internal static readonly TimeSpan AckTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Appends an event to the topic.</summary>
    /// <param name="account">The key: events of one account stay in order.</param>
    /// <param name="headers">The headers; the trace is added here.</param>
    /// <param name="body">The raw body, or empty when it was spilled.</param>
    public async ValueTask<ProduceOutcome> PublishAsync(AccountId account, MailEventHeaders headers, byte[] body)
    {
        if (!breaker.TryEnter())
        {
            return ProduceOutcome.BreakerOpen;
        }

        using var span = IngestTracing.StartSend(headers.CorrelationId);
        var record = MailEventRecord.Of(account, headers with { TraceParent = Activity.Current?.Id }, body);
        var started = time.GetTimestamp();
        var (outcome, error) = await ProduceAsync(record);
        metrics.Produced(outcome, time.GetElapsedTime(started));
        Judge(outcome, error, span, headers.CorrelationId);
        return outcome;
    }

    private async ValueTask<ProduceResult> ProduceAsync(Message<byte[], byte[]> record)
    {
        try
        {
            return await producer.ProduceAsync(record).WaitAsync(AckTimeout, time);
        }
        catch (TimeoutException)
        {
            return new ProduceResult(ProduceOutcome.NotAcknowledged, ErrorCode.Local_TimedOut);
        }
    }

    private void Judge(ProduceOutcome outcome, ErrorCode error, Activity? span, CorrelationId correlationId)
    {
        if (outcome == ProduceOutcome.Acknowledged)
        {
            breaker.Succeeded();
            return;
        }

        // The other outcomes are about the record or this process, and say nothing of the broker.
        if (outcome == ProduceOutcome.NotAcknowledged)
        {
            breaker.Failed(error);
        }

        span?.SetStatus(ActivityStatusCode.Error);
        span?.SetTag("error.type", error.ToString());
        LogNotAcknowledged(correlationId, outcome, error);
    }

    // Thousands may wait for a broker that dies: the circuit breaker speaks for them, once.
    [LoggerMessage(110, LogLevel.Debug, "Event {CorrelationId}: {Outcome} ({Error})")]
    private partial void LogNotAcknowledged(CorrelationId correlationId, ProduceOutcome outcome, ErrorCode error);
}
