using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;
using StackExchange.Redis;

namespace CrmMail.NaiveProcessor;

/// <summary>
/// SETNX before the real pipeline: whoever claims an event writes it, everybody else skips it. A Processor that dies between claim and
/// write loses the event, for its redelivery is taken for a duplicate.
/// </summary>
internal sealed class NaiveClaimPipeline(IBatchPipeline pipeline, IConnectionMultiplexer redis) : IBatchPipeline
{
    private static readonly TimeSpan ClaimedFor = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task ProcessAsync(List<ConsumeResult<byte[], byte[]>> records, CancellationToken stop, CancellationToken abandon)
    {
        var claimed = new List<ConsumeResult<byte[], byte[]>>(records.Count);
        foreach (var record in records)
        {
            if (await IsClaimedAsync(record))
            {
                claimed.Add(record);
            }
        }

        if (claimed.Count > 0)
        {
            await pipeline.ProcessAsync(claimed, stop, abandon);
        }
    }

    private Task<bool> IsClaimedAsync(ConsumeResult<byte[], byte[]> record)
    {
        record.Message.Headers.TryGetText(MailHeaders.CorrelationId, out var correlationId);
        return redis.GetDatabase().StringSetAsync($"naive:{correlationId}", "claimed", ClaimedFor, When.NotExists);
    }
}
