using System.Diagnostics;
using Confluent.Kafka;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Decoding;
using CrmMail.Processor.Deduplication;
using CrmMail.Processor.Matching;
using CrmMail.Processor.Telemetry;
using CrmMail.Processor.Writing;

namespace CrmMail.Processor.Batches;

/// <summary>Takes a batch through the stages: Decode, Classify, Claim, Match, Write, mark done. One instance per partition worker.</summary>
internal sealed class BatchPipeline(
    DecodeStage decode, ClassifyStage classify, ClaimStage claim, MatchStage match, WriteStage write, DeadLetterQueue deadLetters, Outages outages, ProcessorMetrics metrics)
    : IBatchPipeline
{
    private readonly List<BatchItem> _items = [];

    /// <inheritdoc/>
    public async Task ProcessAsync(List<ConsumeResult<byte[], byte[]>> records, CancellationToken stop, CancellationToken abandon)
    {
        using var trace = BatchTrace.Start(records);
        metrics.BatchStarted(records.Count);
        await DecodeAsync(records, trace, stop);
        await ClaimAsync(stop);
        if (_items.Count > 0)
        {
            var items = _items.ToArray();
            await WriteAsync(items, stop, abandon);
            MarkDone(items);
            metrics.Written(items);
        }
    }

    private async Task DecodeAsync(List<ConsumeResult<byte[], byte[]>> records, BatchTrace? trace, CancellationToken stop)
    {
        var started = metrics.Now();
        _items.Clear();
        for (var n = 0; n < records.Count; n++)
        {
            await DecodeAsync(records[n], trace?.Event(n), stop);
        }

        metrics.StageEnded("decode", started);
    }

    private async Task DecodeAsync(ConsumeResult<byte[], byte[]> record, Activity? span, CancellationToken stop)
    {
        try
        {
            var item = await decode.DecodeAsync(record, stop);
            item.Span = span;
            classify.Classify(item);
            _items.Add(item);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await PutAsideAsync(record, span, BadRecordException.Unreadable(exception), stop);
        }
    }

    private async Task ClaimAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var started = metrics.Now();
        await claim.ClaimAsync(_items.ToArray());
        metrics.StageEnded("claim", started);
        metrics.Claimed(_items);
        foreach (var item in _items)
        {
            if (item.Claim == ClaimAnswer.Done)
            {
                BatchTrace.Repeated(item);
            }
        }

        _items.RemoveAll(static item => item.Claim == ClaimAnswer.Done);
    }

    /// <summary>Writes the events; where the database refuses one of them, halves the batch until that one is alone.</summary>
    private async Task WriteAsync(ArraySegment<BatchItem> items, CancellationToken stop, CancellationToken abandon)
    {
        try
        {
            metrics.LeftOut(await outages.OutlastAsync(() => MatchAndWriteAsync(items, abandon), stop));
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            if (items.Count == 1)
            {
                items[0].Outcome = null;
                await PutAsideAsync(items[0].Record.Kafka, items[0].Span, BadRecordException.Refused(refused), stop);
                return;
            }

            var half = items.Count / 2;
            await WriteAsync(items[..half], stop, abandon);
            await WriteAsync(items[half..], stop, abandon);
        }
    }

    private async Task<BatchEffects> MatchAndWriteAsync(ArraySegment<BatchItem> items, CancellationToken abandon)
    {
        var started = metrics.Now();
        await match.MatchAsync(items, abandon);
        metrics.StageEnded("match", started);

        started = metrics.Now();
        var effects = await write.WriteAsync(items, abandon);
        metrics.StageEnded("write", started);
        return effects;
    }

    private void MarkDone(BatchItem[] items)
    {
        var started = metrics.Now();
        claim.MarkDone(items);
        metrics.StageEnded("mark", started);
        foreach (var item in items)
        {
            BatchTrace.Ended(item);
        }
    }

    private async Task PutAsideAsync(ConsumeResult<byte[], byte[]> record, Activity? span, BadRecordException why, CancellationToken stop)
    {
        await deadLetters.AddAsync(record, why, stop);
        BatchTrace.PutAside(span, why.Reason);
    }
}
