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

/// <summary>
/// Takes a batch through the stages: Decode, Classify, Claim, Match, Write, mark done. When it returns, every record of the batch has its
/// effects in the database or is a dead letter (R1). One instance per partition worker.
/// </summary>
internal sealed class BatchPipeline(
    DecodeStage decode, ClaimStage claim, MatchStage match, WriteStage write, DeadLetterQueue deadLetters, Outages outages, ProcessorMetrics metrics)
{
    private readonly List<BatchItem> _items = [];

    /// <param name="records">Records of one partition, in order.</param>
    /// <param name="stop">Ends the wait for a server that is away.</param>
    /// <param name="abandon">Rolls back the transaction in progress.</param>
    /// <exception cref="OperationCanceledException">The batch was given up; what was written is found again by its keys.</exception>
    public async Task ProcessAsync(List<ConsumeResult<byte[], byte[]>> records, CancellationToken stop, CancellationToken abandon)
    {
        using var span = ProcessorTracing.StartBatch(records);
        metrics.BatchStarted(records.Count);
        _items.Clear();
        foreach (var record in records)
        {
            await DecodeAsync(record, stop);
        }

        await ClaimAsync(stop);
        if (_items.Count > 0)
        {
            var items = _items.ToArray();
            await WriteAsync(items, stop, abandon);
            claim.MarkDone(items);
            metrics.Written(items);
        }

        span?.SetStatus(ActivityStatusCode.Ok);
    }

    private async Task DecodeAsync(ConsumeResult<byte[], byte[]> record, CancellationToken stop)
    {
        try
        {
            var item = await outages.OutlastAsync(() => decode.DecodeAsync(record, stop), stop);
            if (item.Event.Content is SeenMail seen)
            {
                (item.Placement, item.FolderSkip) = FolderRules.Classify(seen.Folder, seen.Identity);
            }
            else if (item.Event.Content is DeliveredMail)
            {
                item.Placement = Placement.Sent;
            }

            _items.Add(item);
        }
        catch (BadRecordException bad)
        {
            await deadLetters.AddAsync(record, bad, stop);
        }
    }

    private async Task ClaimAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        await claim.ClaimAsync(_items.ToArray());
        metrics.Claimed(_items);
        _items.RemoveAll(static item => item.Claim == ClaimAnswer.Done);
    }

    /// <summary>Writes the events; where the database refuses one of them, halves the batch until that one is alone.</summary>
    private async Task WriteAsync(ArraySegment<BatchItem> items, CancellationToken stop, CancellationToken abandon)
    {
        try
        {
            await outages.OutlastAsync(() => MatchAndWriteAsync(items, abandon), stop);
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            if (items.Count == 1)
            {
                await deadLetters.AddAsync(items[0].Record.Kafka, Refused(refused), stop);
                return;
            }

            var half = items.Count / 2;
            await WriteAsync(items[..half], stop, abandon);
            await WriteAsync(items[half..], stop, abandon);
        }
    }

    private async Task<int> MatchAndWriteAsync(ArraySegment<BatchItem> items, CancellationToken abandon)
    {
        await match.MatchAsync(items, abandon);
        return await write.WriteAsync(items, abandon);
    }

    private static BadRecordException Refused(Exception exception) => new(
        DeadLetterReason.RowRejected,
        exception is Npgsql.PostgresException database ? $"PostgreSQL refuses the event: {database.SqlState}." : $"The event cannot be written: {exception.GetType().Name}.",
        exception);
}
