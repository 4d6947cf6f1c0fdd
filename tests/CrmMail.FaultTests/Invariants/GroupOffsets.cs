using Confluent.Kafka;

namespace CrmMail.FaultTests.Invariants;

/// <summary>What a consumer group has committed, and what it has before it.</summary>
internal sealed class GroupOffsets(string servers, string group, IReadOnlyList<TopicPartition> partitions) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IConsumer<byte[], byte[]> _consumer = new ConsumerBuilder<byte[], byte[]>(
        new ConsumerConfig { BootstrapServers = servers, GroupId = group, EnableAutoCommit = false, ReconnectBackoffMaxMs = 1000 })
        .SetLogHandler((_, _) => { /* A broker that is killed on purpose would be logged with every attempt to reach it. */ })
        .Build();

    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public Task<List<TopicPartitionOffset>> CommittedAsync() => Task.Run(() => _consumer.Committed(partitions, Patience));

    /// <exception cref="KafkaException">The broker does not answer.</exception>
    public Task<List<TopicPartitionOffset>> EndsAsync() => Task.Run(() => partitions
        .Select(partition => new TopicPartitionOffset(partition, _consumer.QueryWatermarkOffsets(partition, Patience).High))
        .ToList());

    /// <summary>Waits until the group has committed everything that is there now.</summary>
    /// <exception cref="TimeoutException">It has not, by the deadline.</exception>
    public async Task WaitForNoLagAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var ends = await EndsAsync();
        for (var behind = Behind(ends, await CommittedAsync()); behind.Count > 0; behind = Behind(ends, await CommittedAsync()))
        {
            try
            {
                await often.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{group} still lags after {deadline.TotalSeconds:0} s: {string.Join(", ", behind)}");
            }
        }
    }

    public void Dispose() => _consumer.Dispose();

    private static List<string> Behind(List<TopicPartitionOffset> ends, List<TopicPartitionOffset> committed) =>
        [.. ends.Zip(committed).Where(pair => Math.Max(0, pair.Second.Offset.Value) < pair.First.Offset)
            .Select(pair => $"partition {pair.First.Partition.Value}: {pair.Second.Offset} of {pair.First.Offset}")];
}
