using System.Threading.Channels;
using Confluent.Kafka;
using CrmMail.Processor.Batches;

namespace CrmMail.Processor.Consuming;

/// <summary>
/// Processes the records of one partition, in order, for the time of one assignment. A new assignment gets a new worker, so that what an
/// old one still finishes can never be stored for the new one.
/// </summary>
internal sealed class PartitionWorker : IAsyncDisposable
{
    // Bounded by the consume thread, which pauses the partition; a channel for a single reader could not tell its length.
    private readonly Channel<ConsumeResult<byte[], byte[]>> _records =
        Channel.CreateUnbounded<ConsumeResult<byte[], byte[]>>(new UnboundedChannelOptions { SingleWriter = true });

    private readonly CancellationTokenSource _stopAfterBatch = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly BatchPipeline _pipeline;
    private readonly ConsumerOptions _options;
    private readonly TimeProvider _time;
    private readonly Task _work;
    private long _nextOffset = Offset.Unset;

    public PartitionWorker(BatchPipeline pipeline, ConsumerOptions options, TimeProvider time)
    {
        _pipeline = pipeline;
        _options = options;
        _time = time;
        _work = Task.Run(WorkAsync);
    }

    /// <summary>Records that wait.</summary>
    public int Waiting => _records.Reader.Count;

    /// <summary>The offset after the last record whose effects are committed (R4); <see cref="Offset.Unset"/> before the first batch.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>The offset that was stored last; used by the consume thread alone.</summary>
    public long StoredOffset { get; set; } = Offset.Unset;

    /// <summary>Whether the partition is paused; used by the consume thread alone.</summary>
    public bool IsPaused { get; set; }

    public void Add(ConsumeResult<byte[], byte[]> record) => _records.Writer.TryWrite(record);

    /// <summary>Ends after the batch in progress; what waits is left to whoever gets the partition next.</summary>
    /// <returns>Completes when the worker has ended.</returns>
    public Task RetireAsync()
    {
        _stopAfterBatch.Cancel();
        return _work;
    }

    /// <summary>Ends at once; a transaction in progress is rolled back.</summary>
    public Task AbandonAsync()
    {
        _abandon.Cancel();
        return RetireAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await AbandonAsync();
        _stopAfterBatch.Dispose();
        _abandon.Dispose();
    }

    private async Task WorkAsync()
    {
        var batch = new List<ConsumeResult<byte[], byte[]>>(_options.BatchSize);
        try
        {
            while (await _records.Reader.WaitToReadAsync(_stopAfterBatch.Token))
            {
                await CollectAsync(batch);
                await _pipeline.ProcessAsync(batch, _stopAfterBatch.Token, _abandon.Token);
                Volatile.Write(ref _nextOffset, batch[^1].Offset + 1);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (_stopAfterBatch.IsCancellationRequested)
        {
            // Retired: what is not committed is delivered again to the next owner of the partition.
        }
    }

    /// <summary>Takes what is there, and waits a little for more when it is little.</summary>
    private async Task CollectAsync(List<ConsumeResult<byte[], byte[]>> batch)
    {
        Take(batch);
        if (batch.Count < _options.BatchSize && _options.BatchDelay > TimeSpan.Zero)
        {
            await Task.Delay(_options.BatchDelay, _time, _stopAfterBatch.Token);
            Take(batch);
        }
    }

    private void Take(List<ConsumeResult<byte[], byte[]>> batch)
    {
        while (batch.Count < _options.BatchSize && _records.Reader.TryRead(out var record))
        {
            batch.Add(record);
        }
    }
}
