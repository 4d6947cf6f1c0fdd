using Confluent.Kafka;
using CrmMail.Processor.Batches;
using CrmMail.Processor.Classifying;
using CrmMail.Processor.DeadLetters;
using CrmMail.Processor.Decoding;

namespace CrmMail.Processor.Replay;

/// <summary>
/// The stages of live events but for Claim: Redis' word "done" is about what was written once, and a replay is there for what has got
/// lost since. One instance per worker.
/// </summary>
internal sealed class ReplayPipeline(DecodeStage decode, ClassifyStage classify, IReplayWriter writer, Outages outages)
{
    /// <summary>The records that can be read, as events; the others are kept by the batch.</summary>
    public async Task<DecodedBatch> DecodeAsync(RecordBatch batch, CancellationToken stop)
    {
        var decoded = new DecodedBatch(batch.Next, batch.IsLast, batch.Trimmed);
        foreach (var record in batch.Records)
        {
            try
            {
                var item = await decode.DecodeAsync(record, stop);
                classify.Classify(item);
                decoded.Items.Add(item);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                decoded.Bad.Add((record, BadRecordException.Unreadable(exception)));
            }
        }

        return decoded;
    }

    /// <summary>When it returns, everything before <see cref="DecodedBatch.Next"/> is written, and the checkpoint says so.</summary>
    public async Task WriteAsync(DecodedBatch batch, CancellationToken stop)
    {
        foreach (var (record, why) in batch.Bad)
        {
            await writer.PutAsideAsync(record, why, stop);
        }

        await WriteAsync(batch.Items.ToArray(), batch.Next, new LeftOut(batch.Bad.Count, batch.Trimmed), stop);
    }

    /// <summary>Halves the batch where the database refuses one of its events, until that one is alone.</summary>
    private async Task WriteAsync(ArraySegment<BatchItem> items, long next, LeftOut leftOut, CancellationToken stop)
    {
        try
        {
            await outages.OutlastAsync(() => writer.WriteAsync(items, next, leftOut, stop), stop);
        }
        catch (Exception refused) when (refused is not (OperationCanceledException or LeaseLostException) && items.Count > 0)
        {
            if (items.Count == 1)
            {
                await writer.PutAsideAsync(items[0].Record.Kafka, BadRecordException.Refused(refused), stop);
                await WriteAsync([], next, leftOut with { Bad = leftOut.Bad + 1 }, stop);
                return;
            }

            var half = items.Count / 2;
            await WriteAsync(items[..half], items[half].Record.Kafka.Offset, leftOut, stop);
            await WriteAsync(items[half..], next, default, stop);
        }
    }
}

/// <summary>A batch whose records were read.</summary>
/// <param name="Next">The offset before which everything was read.</param>
/// <param name="IsLast">Whether the range ends with it.</param>
/// <param name="Trimmed">How many offsets before <paramref name="Next"/> were gone by retention.</param>
internal sealed record DecodedBatch(long Next, bool IsLast, long Trimmed)
{
    public List<BatchItem> Items { get; } = [];

    /// <summary>Records that cannot be read, and why.</summary>
    public List<(ConsumeResult<byte[], byte[]> Record, BadRecordException Why)> Bad { get; } = [];
}
