using System.Diagnostics.Metrics;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Deduplication;

namespace CrmMail.Processor.Telemetry;

/// <summary>The instruments of the Processor.</summary>
internal sealed class ProcessorMetrics
{
    private readonly Histogram<int> _batchSize;
    private readonly Counter<long> _activities;
    private readonly Counter<long> _skips;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<double> _delay;
    private readonly TimeProvider _time;

    public ProcessorMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(MailTelemetry.Processor);
        _batchSize = meter.CreateHistogram<int>(MailTelemetry.ProcessorBatchSize, "{event}");
        _activities = meter.CreateCounter<long>(MailTelemetry.ProcessorActivities, "{activity}");
        _skips = meter.CreateCounter<long>(MailTelemetry.ProcessorSkips, "{event}");
        _duplicates = meter.CreateCounter<long>(MailTelemetry.ProcessorDuplicates, "{event}");
        _deadLetters = meter.CreateCounter<long>(MailTelemetry.ProcessorDeadLetters, "{event}");
        _delay = meter.CreateHistogram<double>(MailTelemetry.ProcessorDelay, "s");
        _time = time;
    }

    public void BatchStarted(int size) => _batchSize.Record(size);

    public void Claimed(List<BatchItem> items)
    {
        foreach (var item in items)
        {
            if (item.Claim is ClaimAnswer.Done)
            {
                Duplicate("dup_done");
            }
            else if (item.Claim is ClaimAnswer.PendingElsewhere)
            {
                Duplicate("dup_pending");
            }
        }
    }

    public void Written(ReadOnlySpan<BatchItem> items)
    {
        var now = _time.GetUtcNow();
        foreach (var item in items)
        {
            _delay.Record((now - item.Record.Headers.ReceivedAt).TotalSeconds);
            if (item.Outcome.IsRepeated)
            {
                Duplicate("dup_database");
            }
            else if (item.Outcome.Skip is { } reason)
            {
                _skips.Add(1, new KeyValuePair<string, object?>(MailTelemetry.ReasonTag, reason.ToText()));
            }
            else
            {
                _activities.Add(1);
            }
        }
    }

    public void DeadLetter(DeadLetterReason reason) =>
        _deadLetters.Add(1, new KeyValuePair<string, object?>(MailTelemetry.ReasonTag, reason.ToText()));

    private void Duplicate(string kind) => _duplicates.Add(1, new KeyValuePair<string, object?>(MailTelemetry.KindTag, kind));
}
