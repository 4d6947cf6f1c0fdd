using Confluent.Kafka;
using CrmMail.Processor.Batches;
using Microsoft.Extensions.Options;

namespace CrmMail.Processor.Consuming;

/// <summary>
/// The workers of the partitions that are assigned now. Used by the consume thread alone: librdkafka calls the handlers of a rebalance
/// inside Consume and Close.
/// </summary>
internal sealed partial class Assignments(BatchPipelineFactory pipelines, IOptions<ConsumerOptions> options, TimeProvider time, ILogger<Assignments> logger)
{
    private readonly Dictionary<TopicPartition, PartitionWorker> _workers = [];
    private int _count;

    /// <summary>How many partitions are assigned; readable from any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Assigned(List<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            _workers[partition] = new PartitionWorker(pipelines.Create(), options.Value, time);
            LogAssigned(partition.Partition.Value);
        }

        Volatile.Write(ref _count, _workers.Count);
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
                _ = worker.AbandonAsync();
                LogLost(partition.Partition.Value);
            }
        }

        Volatile.Write(ref _count, _workers.Count);
    }

    /// <summary>The service stops: ends the batches in progress and stores their offsets.</summary>
    public void RetireAll(IConsumer<byte[], byte[]> consumer) => Retire(consumer, [.. _workers.Keys], options.Value.DrainTimeout);

    /// <summary>Hands a record to its worker, and pauses the partition when enough of it waits.</summary>
    public void Dispatch(IConsumer<byte[], byte[]> consumer, ConsumeResult<byte[], byte[]> record)
    {
        var worker = _workers[record.TopicPartition];
        worker.Add(record);
        if (!worker.IsPaused && worker.Waiting >= 2 * options.Value.BatchSize)
        {
            consumer.Pause([record.TopicPartition]);
            worker.IsPaused = true;
        }
    }

    /// <summary>Stores what has been committed to the database since, and resumes partitions whose workers have caught up.</summary>
    public void Advance(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var (partition, worker) in _workers)
        {
            Store(consumer, partition, worker);
            if (worker.IsPaused && worker.Waiting <= options.Value.BatchSize)
            {
                consumer.Resume([partition]);
                worker.IsPaused = false;
            }
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
            _ = worker.AbandonAsync();
            _workers.Remove(partition);
            LogRevoked(partition.Partition.Value);
        }

        Volatile.Write(ref _count, _workers.Count);
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

    [LoggerMessage(301, LogLevel.Information, "Partition {Partition} is assigned.")]
    private partial void LogAssigned(int partition);

    [LoggerMessage(302, LogLevel.Information, "Partition {Partition} is given back.")]
    private partial void LogRevoked(int partition);

    [LoggerMessage(303, LogLevel.Warning, "Partition {Partition} was lost: what is not committed is processed again by its new owner.")]
    private partial void LogLost(int partition);
}
