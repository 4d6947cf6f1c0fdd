using System.Diagnostics;
using Confluent.Kafka;

namespace KafkaBroker.Benchmarks;

/// <summary>What is done to a broker: as many records in as it takes, all of them out again, and then records at a steady rate.</summary>
internal static class Workload
{
    public const int RecordSize = 1024;
    public const int Partitions = 12;

    private const string Topic = "benchmark";
    private const string ReadTopic = "benchmark-read";
    // The client's default, and so many that a batch has 100 KiB.
    private const int MaxBatch = 10_000;
    private const int ReadBatch = 100;

    private const int LatencyRecords = 5_000;
    private const int LatencyRate = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<Measured> RunAsync(BrokerProcess broker, int records)
    {
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            await admin.CreateTopicsAsync(
            [
                new() { Name = Topic, NumPartitions = Partitions, ReplicationFactor = 1 },
                new() { Name = ReadTopic, NumPartitions = Partitions, ReplicationFactor = 1 },
            ]);
        }

        // Both have to warm up: one compiles at run time as the other does.
        Produce(broker, Topic, records / 5, lingerMs: 5, MaxBatch);
        var produced = Produce(broker, Topic, records, lingerMs: 5, MaxBatch);

        // The faster a broker answers, the smaller are the batches that it is given, and the more work it is for a client to read them. Both get the same ones.
        Produce(broker, ReadTopic, records, lingerMs: 1000, ReadBatch);
        Consume(broker, records / 5);
        var consumed = Consume(broker, records);
        await MeasureLatencyAsync(broker, LatencyRecords / 5);
        var latencies = await MeasureLatencyAsync(broker, LatencyRecords);
        return new(
            broker.StartTime.TotalSeconds, records / produced.TotalSeconds, records / consumed.TotalSeconds,
            latencies[latencies.Length / 2], latencies[latencies.Length * 99 / 100], broker.CpuTime.TotalSeconds, broker.Memory / 1024.0 / 1024.0);
    }

    private static TimeSpan Produce(BrokerProcess broker, string topic, int records, double lingerMs, int batch)
    {
        using var producer = CreateProducer(broker, lingerMs, batch);
        var value = CreateValue();
        var acknowledged = 0;
        var failed = 0;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < records; i++)
        {
            while (!TryProduce(i))
            {
                producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }

        producer.Flush(Patience);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return acknowledged == records && failed == 0 ? elapsed : throw new InvalidOperationException($"{acknowledged} of {records} acknowledged, {failed} failed.");

        bool TryProduce(int i)
        {
            try
            {
                producer.Produce(new TopicPartition(topic, i % Partitions), new() { Value = value }, Acknowledge);
                return true;
            }
            catch (ProduceException<Null, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                return false;
            }
        }

        void Acknowledge(DeliveryReport<Null, byte[]> report)
        {
            // The client's own thread and the one that flushes both report.
            Interlocked.Increment(ref acknowledged);
            Interlocked.Add(ref failed, report.Error.IsError ? 1 : 0);
        }
    }

    private static TimeSpan Consume(BrokerProcess broker, int records)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = "benchmark",
            EnableAutoCommit = false,
            // As the Processor has them. By default the client pauses for a second whenever its queue is full, and the pauses would be what is measured.
            QueuedMaxMessagesKbytes = 16_384,
            FetchQueueBackoffMs = 50,
        }).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(ReadTopic, partition, Offset.Beginning)));
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < records; i++)
        {
            if (consumer.Consume(Patience) is null)
            {
                throw new InvalidOperationException($"{i} of {records} received.");
            }
        }

        return Stopwatch.GetElapsedTime(start);
    }

    // At a rate that neither broker is busy with, one record per request: the time is the broker's and not that of a queue.
    private static async Task<double[]> MeasureLatencyAsync(BrokerProcess broker, int records)
    {
        using var producer = CreateProducer(broker, lingerMs: 0, MaxBatch);
        var value = CreateValue();
        var latencies = new double[records];
        var done = new CountdownEvent(records);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < records;)
        {
            await pace.WaitForNextTickAsync();
            for (var burst = LatencyRate / 100; burst > 0 && i < records; burst--, i++)
            {
                var index = i;
                var sent = Stopwatch.GetTimestamp();
                producer.Produce(new TopicPartition(Topic, i % Partitions), new() { Value = value }, report =>
                {
                    latencies[index] = report.Error.IsError ? double.PositiveInfinity : Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                    done.Signal();
                });
            }
        }

        producer.Flush(Patience);
        done.Wait(Patience);
        Array.Sort(latencies);
        return latencies;
    }

    private static IProducer<Null, byte[]> CreateProducer(BrokerProcess broker, double lingerMs, int batch) => new ProducerBuilder<Null, byte[]>(new ProducerConfig
    {
        BootstrapServers = broker.BootstrapServers,
        Acks = Acks.All,
        LingerMs = lingerMs,
        BatchNumMessages = batch,
    }).Build();

    private static byte[] CreateValue()
    {
        var value = new byte[RecordSize];
        new Random(1).NextBytes(value);
        return value;
    }
}
