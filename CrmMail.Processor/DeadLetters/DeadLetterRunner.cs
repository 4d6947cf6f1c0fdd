using System.Threading.RateLimiting;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Batches;

namespace CrmMail.Processor.DeadLetters;

/// <summary>
/// Does one run over dead letters. A letter is marked once Kafka has its record; one that was not marked when the Processor died is put
/// back again, which changes nothing (R2, R5).
/// </summary>
internal sealed class DeadLetterRunner(
    Func<DeadLetterReader> openReader, IProducer<byte[], byte[]> producer, Outages outages, TimeProvider time)
{
    private const int PageSize = 100;
    private const int MaxUnmarkedBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan MaxUnmarkedTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Handles every letter that is left of the run; returns early when somebody has cancelled it.</summary>
    /// <returns>Whether it came to its end.</returns>
    public async Task<bool> RunAsync(DeadLetterRun run, DeadLetterRunTable runs, CancellationToken stop)
    {
        using var reader = openReader();
        await using var limiter = LimiterOf(run.Request.RatePerSecond);
        var unmarked = new Unmarked(run, runs, time);
        var left = (run.Request.Limit ?? long.MaxValue) - run.Handled;
        for (var afterId = 0L; left > 0;)
        {
            var page = await runs.ReadAsync(run, afterId, (int)Math.Min(PageSize, left), stop);
            if (page.Count == 0)
            {
                return true;
            }

            afterId = page[^1].Id;
            left -= page.Count;

            // Kafka is read fastest in its own order, which is also the order of an account's events.
            page.Sort(static (one, other) => one.Place.TopicPartition.CompareTo(other.Place.TopicPartition) is not 0 and var order
                ? order
                : one.Place.Offset.Value.CompareTo(other.Place.Offset.Value));
            if (!await HandleAsync(page, reader, limiter, unmarked, stop))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> HandleAsync(
        List<DeadLetterPointer> letters, DeadLetterReader reader, TokenBucketRateLimiter limiter, Unmarked unmarked, CancellationToken stop)
    {
        foreach (var letter in letters)
        {
            using var free = limiter.AttemptAcquire();
            if (!free.IsAcquired)
            {
                // There is time to mark what was done.
                if (!await unmarked.MarkAsync(stop))
                {
                    return false;
                }

                using var waited = await limiter.AcquireAsync(1, stop);
            }

            unmarked.Add(letter, await BeginAsync(letter, reader, unmarked.Run, stop));
            if ((unmarked.Bytes > MaxUnmarkedBytes || unmarked.Time > MaxUnmarkedTime) && !await unmarked.MarkAsync(stop))
            {
                return false;
            }
        }

        return await unmarked.MarkAsync(stop);
    }

    /// <summary>Reads and produces; the answer of Kafka is not waited for.</summary>
    private async Task<(Task<DeadLetterResult> Result, int Bytes)> BeginAsync(
        DeadLetterPointer letter, DeadLetterReader reader, DeadLetterRun run, CancellationToken stop)
    {
        if (run.Action == DeadLetterAction.Discard)
        {
            return (Task.FromResult(DeadLetterResult.Discarded), 0);
        }

        return await outages.OutlastAsync(() => reader.ReadAsync(letter, stop), stop) is { } record
            ? (ProduceAsync(RequeuedRecord.Of(record, letter, run, time.GetUtcNow().UtcDateTime), stop), record.Message.Value?.Length ?? 0)
            : (Task.FromResult(DeadLetterResult.Gone), 0);
    }

    private async Task<DeadLetterResult> ProduceAsync(Message<byte[], byte[]> message, CancellationToken stop)
    {
        try
        {
            await outages.OutlastAsync(() => producer.ProduceAsync(MailTopics.Events, message, CancellationToken.None), stop);
            return DeadLetterResult.Requeued;
        }
        catch (KafkaException tooLarge) when (tooLarge.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            return DeadLetterResult.TooLarge;
        }
    }

    /// <summary>Ten portions per second, so that a second's letters do not come at once; below ten per second one by one.</summary>
    private static TokenBucketRateLimiter LimiterOf(int perSecond)
    {
        var portion = Math.Max(1, perSecond / 10);
        return new(new TokenBucketRateLimiterOptions
        {
            TokenLimit = portion,
            TokensPerPeriod = portion,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) * portion / perSecond,
            QueueLimit = 1,
        });
    }

    /// <summary>Letters that were begun and are not marked.</summary>
    private sealed class Unmarked(DeadLetterRun run, DeadLetterRunTable runs, TimeProvider time)
    {
        private readonly List<long> _letters = [];
        private readonly List<Task<DeadLetterResult>> _results = [];
        private long _since = time.GetTimestamp();

        public DeadLetterRun Run => run;

        public long Bytes { get; private set; }

        public TimeSpan Time => time.GetElapsedTime(_since);

        public void Add(DeadLetterPointer letter, (Task<DeadLetterResult> Result, int Bytes) begun)
        {
            _letters.Add(letter.Id);
            _results.Add(begun.Result);
            Bytes += begun.Bytes;
        }

        /// <summary>Waits until Kafka has all of them, and marks them; false when the run is to stop.</summary>
        public async Task<bool> MarkAsync(CancellationToken stop)
        {
            var results = await Task.WhenAll(_results).WaitAsync(stop);
            var goesOn = await runs.RecordAsync(run, [.. _letters], results, stop);
            _letters.Clear();
            _results.Clear();
            (Bytes, _since) = (0, time.GetTimestamp());
            return goesOn;
        }
    }
}
