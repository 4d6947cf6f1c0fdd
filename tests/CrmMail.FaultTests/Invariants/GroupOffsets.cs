using Confluent.Kafka;

namespace CrmMail.FaultTests.Invariants;

/// <summary>What a consumer group has committed, and what it has before it.</summary>
internal sealed class GroupOffsets(string servers, string group, IReadOnlyList<TopicPartition> partitions) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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

    /// <summary>Waits until the group has committed everything that is there now, however often the broker does not answer.</summary>
    /// <returns>The ends of the partitions.</returns>
    /// <exception cref="TimeoutException">It has not, by the deadline.</exception>
    public async Task<List<TopicPartitionOffset>> WaitForNoLagAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        List<TopicPartitionOffset>? ends = null;
        while (true)
        {
            string behind;
            try
            {
                ends ??= await EndsAsync();
                behind = string.Join(", ", Behind(ends, await CommittedAsync()));
                if (behind.Length == 0)
                {
                    return ends;
                }
            }
            catch (KafkaException exception)
            {
                behind = exception.Error.ToString();
            }

            try
            {
                await often.WaitForNextTickAsync(end.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{group} still lags after {deadline.TotalSeconds:0} s: {behind}");
            }
        }
    }

    public void Dispose() => _consumer.Dispose();

    private static IEnumerable<string> Behind(List<TopicPartitionOffset> ends, List<TopicPartitionOffset> committed) =>
        ends.Zip(committed).Where(pair => Math.Max(0, pair.Second.Offset.Value) < pair.First.Offset)
            .Select(pair => $"partition {pair.First.Partition.Value}: {pair.Second.Offset} of {pair.First.Offset}");
}
