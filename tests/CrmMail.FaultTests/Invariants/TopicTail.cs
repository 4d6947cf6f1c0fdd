using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.FaultTests.Invariants;

/// <summary>A record of a topic, without its body.</summary>
internal readonly record struct TailRecord(int Partition, long Offset, string EventId, string CorrelationId);

/// <summary>Reads a topic from its beginning, in no group, and remembers where each event lies.</summary>
internal sealed class TopicTail : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<TailRecord>[] _partitions;
    private readonly Task _reading;

    public TopicTail(string servers, string topic)
    {
        Topic = topic;
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        var count = admin.GetMetadata(topic, Patience).Topics.Single().Partitions.Count;
        _partitions = [.. Enumerable.Range(0, count).Select(_ => new List<TailRecord>())];
        _reading = Task.Factory.StartNew(() => Read(servers), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public string Topic { get; }

    public IReadOnlyList<TopicPartition> Partitions => [.. Enumerable.Range(0, _partitions.Length).Select(n => new TopicPartition(Topic, n))];

    /// <summary>The records of a partition from an offset up to, and without, another one, as far as they are read.</summary>
    public List<TailRecord> Range(int partition, long from, long to)
    {
        lock (_gate)
        {
            var records = _partitions[partition];
            var end = (int)Math.Min(to, records.Count);
            return from >= end ? [] : records[(int)from..end];
        }
    }

    /// <summary>Waits until everything up to the ends is read.</summary>
    /// <exception cref="TimeoutException">It is not, soon.</exception>
    /// <exception cref="InvalidOperationException">The broker has lost or changed records.</exception>
    public async Task WaitForAsync(IReadOnlyList<TopicPartitionOffset> ends, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        using var often = new PeriodicTimer(Poll);
        while (ends.Where(end => Range(end.Partition, 0, long.MaxValue).Count < end.Offset).ToList() is { Count: > 0 } unread)
        {
            if (_reading.IsCompleted)
            {
                await _reading;
            }

            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{Topic} is not read to its end after {Patience.TotalSeconds:0} s: {string.Join(", ", unread)}");
            }
        }
    }

    /// <summary>Everything that was read so far.</summary>
    public IReadOnlyList<TailRecord> All()
    {
        lock (_gate)
        {
            return [.. _partitions.SelectMany(records => records)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAny(_reading);
        _end.Dispose();
    }

    private void Read(string servers)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = $"tail-{Guid.NewGuid():n}",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            ReconnectBackoffMaxMs = 1000,
        })
        .SetLogHandler((_, _) => { /* A broker that is killed on purpose would be logged with every attempt to reach it. */ })
        .Build();
        consumer.Assign(Partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        while (!_end.IsCancellationRequested)
        {
            if (TryConsume(consumer) is { } record)
            {
                Add(record);
            }
        }
    }

    private static ConsumeResult<byte[], byte[]>? TryConsume(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            return consumer.Consume(Poll);
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal && exception.Error.Code != ErrorCode.Local_AutoOffsetReset)
        {
            return null;
        }
    }

    private void Add(ConsumeResult<byte[], byte[]> record)
    {
        record.Message.Headers.TryGetText(MailHeaders.EventId, out var eventId);
        record.Message.Headers.TryGetText(MailHeaders.CorrelationId, out var correlationId);
        lock (_gate)
        {
            var records = _partitions[record.Partition];
            if (records.Count != record.Offset)
            {
                throw new InvalidOperationException($"{record.TopicPartitionOffset} follows {records.Count - 1}: the broker has lost or changed records.");
            }

            records.Add(new(record.Partition, record.Offset, eventId ?? "", correlationId ?? ""));
        }
    }
}
