using System.Collections.Concurrent;
using System.Reflection;
using Confluent.Kafka;

namespace CrmMail.UnitTests.Processor.Consuming;

/// <summary>A consumer that gives what the test has queued, and remembers what was asked of it.</summary>
public class ConsumerDouble : DispatchProxy
{
    public static readonly TopicPartition Partition = new("mail.events", 3);

    /// <summary>Answers to Consume, in order; null to each when there are none left.</summary>
    public ConcurrentQueue<Func<ConsumeResult<byte[], byte[]>?>> Answers { get; } = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What a seek is answered with; null where it succeeds.</summary>
    public ErrorCode? SeekError { get; set; }

    public IConsumer<byte[], byte[]> Consumer { get; private set; } = null!;

    public static ConsumerDouble Create()
    {
        var consumer = Create<IConsumer<byte[], byte[]>, ConsumerDouble>();
        var made = (ConsumerDouble)(object)consumer;
        made.Consumer = consumer;
        return made;
    }

    public static ConsumeResult<byte[], byte[]> Record(long offset, int size = 1) => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset(Partition, offset),
        Message = new Message<byte[], byte[]> { Value = new byte[size], Timestamp = new Timestamp(1_780_000_000_000 + offset, TimestampType.CreateTime) },
    };

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case "Consume":
                return Answers.TryDequeue(out var answer) ? answer() : null;
            case "GetWatermarkOffsets":
                return new WatermarkOffsets(0, 100);
            case "StoreOffset":
                Calls.Enqueue($"store {((TopicPartitionOffset)args![0]!).Offset.Value}");
                return null;
            case "Position":
                return new Offset(77);
            case "Seek":
                Calls.Enqueue($"seek {((TopicPartitionOffset)args![0]!).Offset.Value}");
                return SeekError is { } error ? throw new KafkaException(new Error(error, "", isFatal: error == ErrorCode.Local_Fatal)) : null;
            default:
                Calls.Enqueue(targetMethod.Name.ToLowerInvariant());
                return null;
        }
    }
}
