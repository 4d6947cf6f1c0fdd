using Confluent.Kafka;
using CrmMail.Processor.Batches;
using Microsoft.Extensions.Options;

namespace CrmMail.Processor.Consuming;

/// <summary>
/// The workers of the partitions that are assigned now. Used by the consume thread alone: librdkafka calls the handlers of a rebalance
/// inside Consume and Close.
/// </summary>
internal sealed partial class Assignments(Func<IBatchPipeline> createPipeline, IOptions<ConsumerOptions> options, TimeProvider time, ILogger<Assignments> logger)
{
    private readonly Dictionary<TopicPartition, PartitionWorker> _workers = [];
    private volatile KeyValuePair<TopicPartition, PartitionWorker>[] _current = [];

    /// <summary>The partitions that are assigned and their workers; readable from any thread.</summary>
    public IReadOnlyList<KeyValuePair<TopicPartition, PartitionWorker>> Current => _current;

    /// <summary>Whether a partition is paused because enough of it waits.</summary>
    public bool HasPaused
    {
        get
        {
            foreach (var worker in _workers.Values)
            {
                if (worker.IsPaused)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public void Assigned(List<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            _workers[partition] = new PartitionWorker(createPipeline(), options.Value, time);
            LogAssigned(partition.Partition.Value);
        }

        _current = [.. _workers];
    }

    /// <summary>Another Processor gets the partitions: ends the batches in progress and stores their offsets, which are committed before the rebalance.</summary>
    public void Revoked(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> partitions) =>
        Retire(consumer, [.. partitions.Select(partition => partition.TopicPartition)], options.Value.RevokeTimeout);

    /// <summary>Another Processor has the partitions already: nothing may be stored any more.</summary>
    public void Lost(List<TopicPartitionOffset> partitions)
    {
        foreach (var partition in partitions)
        {
            if (_workers.Remove(partition.TopicPartition, out var worker))
            {
                _ = worker.DisposeAsync().AsTask();
                LogLost(partition.Partition.Value);
            }
        }

        _current = [.. _workers];
    }

    /// <summary>The service stops: ends the batches in progress and stores their offsets.</summary>
    public void RetireAll(IConsumer<byte[], byte[]> consumer) => Retire(consumer, [.. _workers.Keys], options.Value.DrainTimeout);

    /// <summary>Hands a record to its worker, and pauses the partition when enough of it waits.</summary>
    public void Dispatch(IConsumer<byte[], byte[]> consumer, ConsumeResult<byte[], byte[]> record)
    {
        var worker = _workers[record.TopicPartition];
        worker.Add(record);
        if (!worker.IsPaused && worker.IsFull)
        {
            consumer.Pause([record.TopicPartition]);
            worker.IsPaused = true;
        }
    }

    /// <summary>Stores what has been committed to the database since, and resumes partitions whose workers have caught up.</summary>
    /// <exception cref="InvalidOperationException">A worker failed.</exception>
    public void Advance(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var (partition, worker) in _workers)
        {
            Store(consumer, partition, worker);
            ThrowIfFailed(partition, worker);
            worker.Extend(consumer.GetWatermarkOffsets(partition).High);
            if (worker.IsPaused && worker.HasCaughtUp)
            {
                Resume(consumer, partition, worker);
            }
        }
    }

    /// <summary>Goes on where it was. The thread of librdkafka that fetches sleeps up to a second once nothing is left to fetch: a seek wakes it, resuming does not.</summary>
    private void Resume(IConsumer<byte[], byte[]> consumer, TopicPartition partition, PartitionWorker worker)
    {
        consumer.Resume([partition]);
        worker.IsPaused = false;
        try
        {
            consumer.Seek(new TopicPartitionOffset(partition, consumer.Position(partition)));
        }
        catch (KafkaException exception) when (!exception.Error.IsFatal)
        {
            LogNotSought(partition.Partition.Value, exception.Error.Code);
        }
    }

    private void Retire(IConsumer<byte[], byte[]> consumer, TopicPartition[] partitions, TimeSpan patience)
    {
        var retiring = partitions.Where(_workers.ContainsKey).Select(partition => (Partition: partition, Worker: _workers[partition])).ToArray();

        // The consume thread has nothing else to do meanwhile: the client's own threads send the heartbeats.
        Task.WaitAll([.. retiring.Select(retired => retired.Worker.RetireAsync())], patience);
        foreach (var (partition, worker) in retiring)
        {
            Store(consumer, partition, worker);
            _ = worker.DisposeAsync().AsTask();
            _workers.Remove(partition);
            LogRevoked(partition.Partition.Value);
        }

        _current = [.. _workers];
    }

    private static void Store(IConsumer<byte[], byte[]> consumer, TopicPartition partition, PartitionWorker worker)
    {
        var next = worker.NextOffset;
        if (next != Offset.Unset && next != worker.StoredOffset)
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, next));
            worker.StoredOffset = next;
        }
    }

    private void ThrowIfFailed(TopicPartition partition, PartitionWorker worker)
    {
        if (worker.Failure is { } failure)
        {
            // Without its message, which may hold anything (R8).
            LogFailed(partition.Partition.Value, failure.GetType().Name, failure.StackTrace);
            throw new InvalidOperationException($"The worker of partition {partition.Partition.Value} failed: {failure.GetType().Name}.");
        }
    }

    [LoggerMessage(301, LogLevel.Information, "Partition {Partition} is assigned.")]
    private partial void LogAssigned(int partition);

    [LoggerMessage(302, LogLevel.Information, "Partition {Partition} is given back.")]
    private partial void LogRevoked(int partition);

    [LoggerMessage(303, LogLevel.Warning, "Partition {Partition} was lost: what is not committed is processed again by its new owner.")]
    private partial void LogLost(int partition);

    [LoggerMessage(309, LogLevel.Debug, "Partition {Partition} goes on within a second: it could not be sought ({Code}).")]
    private partial void LogNotSought(int partition, ErrorCode code);

    [LoggerMessage(306, LogLevel.Critical, "The worker of partition {Partition} failed: {Exception}\n{StackTrace}")]
    private partial void LogFailed(int partition, string exception, string? stackTrace);
}
