using System.Diagnostics.Metrics;
using CrmMail.Contracts;
using CrmMail.Ingest.Kafka;
using CrmMail.Ingest.Limits;
using CrmMail.Ingest.MailParse.Polling;
using CrmMail.Ingest.Webhooks;

namespace CrmMail.Ingest.Telemetry;

/// <summary>The instruments of Ingest, named in <see cref="MailTelemetry"/>.</summary>
internal sealed class IngestMetrics
{
    // Seconds. An acknowledgement takes milliseconds, and the producer gives up after five seconds.
    private static readonly InstrumentAdvice<double> ProduceBuckets =
        new() { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] };

    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _signatures;
    private readonly Counter<long> _spilledBodies;
    private readonly Counter<long> _polls;
    private readonly Counter<long> _polledMails;
    private readonly Histogram<double> _produceDuration;

    public IngestMetrics(IMeterFactory meters, ReceiveBudget receiving, InFlightGate inFlight, CircuitBreaker breaker)
    {
        var meter = meters.Create(MailTelemetry.Ingest);
        _webhooks = meter.CreateCounter<long>(MailTelemetry.IngestWebhooks, "{webhook}");
        _signatures = meter.CreateCounter<long>(MailTelemetry.IngestSignatures, "{webhook}");
        _spilledBodies = meter.CreateCounter<long>(MailTelemetry.IngestSpilledBodies, "{body}");
        _polls = meter.CreateCounter<long>(MailTelemetry.IngestPolls, "{page}");
        _polledMails = meter.CreateCounter<long>(MailTelemetry.IngestPolledMails, "{mail}");
        _produceDuration = meter.CreateHistogram(MailTelemetry.IngestProduceDuration, "s", advice: ProduceBuckets);
        meter.CreateObservableUpDownCounter(MailTelemetry.IngestInFlight, () => inFlight.Requests, "{webhook}");
        meter.CreateObservableUpDownCounter(MailTelemetry.IngestInFlightBytes, () => inFlight.Bytes, "By");
        meter.CreateObservableUpDownCounter(MailTelemetry.IngestReceivingBytes, () => receiving.Bytes, "By");
        meter.CreateObservableGauge(MailTelemetry.IngestBreakerOpen, () => breaker.IsOpen ? 1 : 0);
    }

    public void Answered(WebhookAnswer answer) =>
        _webhooks.Add(1, new KeyValuePair<string, object?>(MailTelemetry.AnswerTag, answer.Name));

    public void Verified(ActiveSecret secret) =>
        _signatures.Add(1, new(MailTelemetry.InstanceTag, secret.Instance), new(MailTelemetry.SecretTag, secret.Position));

    public void Spilled() => _spilledBodies.Add(1);

    public void Polled(PollOutcome outcome, int mails)
    {
        _polls.Add(1, new KeyValuePair<string, object?>(MailTelemetry.OutcomeTag, OutcomeText(outcome)));
        _polledMails.Add(mails);
    }

    public void Produced(ProduceOutcome outcome, TimeSpan duration) =>
        _produceDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(MailTelemetry.OutcomeTag, OutcomeText(outcome)));

    private static string OutcomeText(PollOutcome outcome) => outcome switch
    {
        PollOutcome.Read => "read",
        PollOutcome.Failed => "failed",
        _ => "not-stored",
    };

    private static string OutcomeText(ProduceOutcome outcome) => outcome switch
    {
        ProduceOutcome.Acknowledged => "acknowledged",
        ProduceOutcome.TooLarge => "too-large",
        ProduceOutcome.QueueFull => "queue-full",
        _ => "not-acknowledged",
    };
}
