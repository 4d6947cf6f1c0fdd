using System.Globalization;
using Confluent.Kafka;
using KafkaConformance.Tests.Brokers;

namespace KafkaConformance.Tests;

/// <summary>A consumer that reads and commits on a thread of its own until it is disposed of.</summary>
internal sealed class GroupMember : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Ownership _ledger;
    private readonly IConsumer<string?, string?> _consumer;
    private readonly Task _reading;
    private int _assignments;

    private GroupMember(BrokerUnderTest broker, string topic, Ownership ledger, string group, Action<ConsumerConfig> configure)
    {
        _ledger = ledger;
        _consumer = broker.NewConsumer(group, configure, builder => builder
            .SetPartitionsAssignedHandler((_, assigned) => Take(assigned))
            .SetPartitionsRevokedHandler((consumer, revoked) => Revoke(consumer, revoked))
            .SetPartitionsLostHandler((_, lost) => Give(lost)));
        _consumer.Subscribe(topic);
        _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public IReadOnlyList<int> Owned => _ledger.OwnedBy(this);

    /// <summary>How often the group has told this member what it owns.</summary>
    public int Assignments => Volatile.Read(ref _assignments);

    public static GroupMember Join(
        BrokerUnderTest broker,
        string topic,
        string group,
        Ownership ledger,
        PartitionAssignmentStrategy strategy = PartitionAssignmentStrategy.Range,
        string? instance = null,
        int sessionTimeoutMs = 10_000) => new(broker, topic, ledger, group, config =>
        {
            config.PartitionAssignmentStrategy = strategy;
            config.GroupInstanceId = instance;
            config.SessionTimeoutMs = sessionTimeoutMs;
            config.HeartbeatIntervalMs = 100;
            config.EnableAutoOffsetStore = false;
        });

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _reading;
            _stop.Dispose();
        }
    }

    private void Read()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (_consumer.Consume(Poll) is { } record)
            {
                _ledger.Read.TryAdd(int.Parse(record.Message.Value!, CultureInfo.InvariantCulture), 0);
                _consumer.StoreOffset(record);
            }
        }

        _consumer.Close();
        _consumer.Dispose();
    }

    private void Take(List<TopicPartition> assigned)
    {
        Interlocked.Increment(ref _assignments);
        foreach (var partition in assigned)
        {
            _ledger.Take(this, partition.Partition);
        }
    }

    private void Revoke(IConsumer<string?, string?> consumer, List<TopicPartitionOffset> revoked)
    {
        try
        {
            consumer.Commit();
        }
        catch (KafkaException exception) when (exception.Error.Code == ErrorCode.Local_NoOffset)
        {
            // Nothing was read since the last time.
        }

        Give(revoked);
    }

    private void Give(List<TopicPartitionOffset> given)
    {
        foreach (var partition in given)
        {
            _ledger.Give(this, partition.Partition);
        }
    }
}
