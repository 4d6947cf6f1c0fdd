using System.Diagnostics.Metrics;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Deduplication;
using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Telemetry;

/// <summary>The instruments of the Processor, named in <see cref="MailTelemetry"/>; those of the lag are in <see cref="ConsumerLag"/>.</summary>
internal sealed class ProcessorMetrics
{
    private static readonly InstrumentAdvice<int> SizeBuckets = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] };

    // Seconds. A stage takes milliseconds; a batch waits 50 ms for more events; after an outage of hours events are hours old.
    private static readonly InstrumentAdvice<double> StageBuckets =
        new() { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] };

    private static readonly InstrumentAdvice<double> DelayBuckets =
        new() { HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14_400, 86_400] };

    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _stageDuration;
    private readonly Counter<long> _matches;
    private readonly Counter<long> _linksLeftOut;
    private readonly Counter<long> _refusedAddresses;
    private readonly Counter<long> _activities;
    private readonly Counter<long> _skips;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<double> _delay;
    private readonly TimeProvider _time;

    public ProcessorMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(MailTelemetry.Processor);
        _batchSize = meter.CreateHistogram(MailTelemetry.ProcessorBatchSize, "{event}", advice: SizeBuckets);
        _stageDuration = meter.CreateHistogram(MailTelemetry.ProcessorStageDuration, "s", advice: StageBuckets);
        _matches = meter.CreateCounter<long>(MailTelemetry.ProcessorMatches, "{mail}");
        _linksLeftOut = meter.CreateCounter<long>(MailTelemetry.ProcessorLinksLeftOut, "{link}");
        _refusedAddresses = meter.CreateCounter<long>(MailTelemetry.ProcessorRefusedAddresses, "{address}");
        _activities = meter.CreateCounter<long>(MailTelemetry.ProcessorActivities, "{activity}");
        _skips = meter.CreateCounter<long>(MailTelemetry.ProcessorSkips, "{event}");
        _duplicates = meter.CreateCounter<long>(MailTelemetry.ProcessorDuplicates, "{event}");
        _deadLetters = meter.CreateCounter<long>(MailTelemetry.ProcessorDeadLetters, "{event}");
        _delay = meter.CreateHistogram(MailTelemetry.ProcessorDelay, "s", advice: DelayBuckets);
        _time = time;
    }

    public void BatchStarted(int size) => _batchSize.Record(size);

    /// <summary>Now, for <see cref="StageEnded"/>.</summary>
    public long Now() => _time.GetTimestamp();

    /// <param name="stage">One of those that <see cref="MailTelemetry.StageTag"/> names.</param>
    /// <param name="started">What <see cref="Now"/> gave at its start.</param>
    public void StageEnded(string stage, long started) =>
        _stageDuration.Record(_time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>(MailTelemetry.StageTag, stage));

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

    /// <summary>Counts what a batch left out.</summary>
    public void LeftOut(BatchEffects effects)
    {
        if (effects.LinksLeftOut > 0)
        {
            _linksLeftOut.Add(effects.LinksLeftOut);
        }

        Refused(effects.RefusedAddresses.Forged, RoutingAddressKind.Forged);
        Refused(effects.RefusedAddresses.Untagged, RoutingAddressKind.Untagged);
        Refused(effects.RefusedAddresses.Unverified, RoutingAddressKind.Unverified);
    }

    /// <summary>Counts what became of the events; dead letters count when they are put aside.</summary>
    public void Written(ReadOnlySpan<BatchItem> items)
    {
        var now = _time.GetUtcNow();
        foreach (var item in items)
        {
            if (item.Outcome is not { } outcome)
            {
                continue;
            }

            _delay.Record(Math.Max(0, (now - item.Record.Headers.ReceivedAt).TotalSeconds));
            if (outcome.IsRepeated)
            {
                Duplicate("dup_database");
                continue;
            }

            Matched(item);
            if (outcome.Skip is { } reason)
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

    private void Matched(BatchItem item)
    {
        if (item.Match is { } match)
        {
            var outcome = match.Links.Count > 0 ? "matched" : match.WithoutLinks is SkipReason.NoContact or SkipReason.Blocked ? "unmatched" : "own";
            _matches.Add(1, new KeyValuePair<string, object?>(MailTelemetry.OutcomeTag, outcome));
        }
    }

    private void Refused(int count, RoutingAddressKind kind)
    {
        if (count > 0)
        {
            _refusedAddresses.Add(count, new KeyValuePair<string, object?>(MailTelemetry.KindTag, kind.ToText()));
        }
    }

    private void Duplicate(string kind) => _duplicates.Add(1, new KeyValuePair<string, object?>(MailTelemetry.KindTag, kind));
}
