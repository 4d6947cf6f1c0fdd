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
    private readonly IBatchPipeline _pipeline;
    private readonly ConsumerOptions _options;
    private readonly TimeProvider _time;
    private readonly Task _work;
    private long _waitingBytes;
    private long _nextOffset = Offset.Unset;
    private long _firstOffset = Offset.Unset;
    private long _endOffset = Offset.Unset;
    private long _oldestTimestamp;
    private volatile Exception? _failure;
    private volatile bool _isPaused;

    public PartitionWorker(IBatchPipeline pipeline, ConsumerOptions options, TimeProvider time)
    {
        _pipeline = pipeline;
        _options = options;
        _time = time;
        _work = Task.Run(WorkAsync);
    }

    /// <summary>Whether as much waits as may: the partition is to be paused.</summary>
    public bool IsFull => _records.Reader.Count >= 2 * _options.BatchSize || Volatile.Read(ref _waitingBytes) >= _options.MaxWaitingBytes;

    /// <summary>Whether so little waits that a paused partition is to be resumed.</summary>
    public bool HasCaughtUp => _records.Reader.Count <= _options.BatchSize && Volatile.Read(ref _waitingBytes) <= _options.MaxWaitingBytes / 2;

    /// <summary>The offset after the last record whose effects are committed (R4); <see cref="Offset.Unset"/> before the first batch.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>The offset that was stored last; used by the consume thread alone.</summary>
    public long StoredOffset { get; set; } = Offset.Unset;

    /// <summary>Whether the partition is paused; set by the consume thread alone.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>The offset that the next record of the partition will get, as far as it is known; <see cref="Offset.Unset"/> before.</summary>
    public long EndOffset => Volatile.Read(ref _endOffset);

    /// <summary>How many records of the partition are not committed yet.</summary>
    public long Lag
    {
        get
        {
            var next = NextOffset != Offset.Unset ? NextOffset : Volatile.Read(ref _firstOffset);
            return next == Offset.Unset ? 0 : Math.Max(0, EndOffset - next);
        }
    }

    /// <summary>How long the oldest record that is not committed yet has been in Kafka; zero when there is none.</summary>
    public TimeSpan LagTime
    {
        get
        {
            var oldest = Volatile.Read(ref _oldestTimestamp);
            var age = oldest == 0 ? 0 : _time.GetUtcNow().ToUnixTimeMilliseconds() - oldest;
            return TimeSpan.FromMilliseconds(Math.Max(0, age));
        }
    }

    /// <summary>What ended the worker although nobody asked for it: a fault of this program, never a matter of a record or a server.</summary>
    public Exception? Failure => _failure;

    public void Add(ConsumeResult<byte[], byte[]> record)
    {
        if (_firstOffset == Offset.Unset)
        {
            Volatile.Write(ref _firstOffset, record.Offset);
        }

        Interlocked.Add(ref _waitingBytes, SizeOf(record));
        _records.Writer.TryWrite(record);
    }

    /// <summary>The partition reaches at least to there; from any thread.</summary>
    public void Extend(long endOffset)
    {
        for (var known = EndOffset; endOffset > known; known = EndOffset)
        {
            Interlocked.CompareExchange(ref _endOffset, endOffset, known);
        }
    }

    /// <summary>Ends after the batch in progress; what waits is left to whoever gets the partition next.</summary>
    /// <returns>Completes when the worker has ended; never fails.</returns>
    public Task RetireAsync()
    {
        _stopAfterBatch.Cancel();
        return _work;
    }

    /// <summary>Ends at once; a transaction in progress is rolled back.</summary>
    public async ValueTask DisposeAsync()
    {
        var ended = RetireAsync();
        await _abandon.CancelAsync();
        await ended;
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
                Volatile.Write(ref _oldestTimestamp, _records.Reader.TryPeek(out var oldest) ? oldest.Message.Timestamp.UnixTimestampMs : 0);
                await CollectAsync(batch);
                await _pipeline.ProcessAsync(batch, _stopAfterBatch.Token, _abandon.Token);
                Volatile.Write(ref _nextOffset, batch[^1].Offset + 1);
                batch.Clear();
                Volatile.Write(ref _oldestTimestamp, 0);
            }
        }
        catch (OperationCanceledException) when (_stopAfterBatch.IsCancellationRequested)
        {
            // Retired: what is not committed is delivered again to the next owner of the partition.
        }
        catch (Exception exception)
        {
            // The consume thread sees it and ends the service: a partition without its worker would stand still unnoticed.
            _failure = exception;
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
            Interlocked.Add(ref _waitingBytes, -SizeOf(record));
            batch.Add(record);
        }
    }

    private static long SizeOf(ConsumeResult<byte[], byte[]> record) => record.Message.Value?.Length ?? 0;
}
