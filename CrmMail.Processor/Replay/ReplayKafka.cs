using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using CrmMail.Contracts;

namespace CrmMail.Processor.Replay;

/// <summary>Consumers of the replays' own: they are members of no group and commit nothing, so the live consumer never notices them.</summary>
/// <param name="live">The settings of the live consumer, from which the way to the broker is taken.</param>
internal sealed class ReplayKafka(KafkaConsumerSettings live)
{
    public IConsumer<byte[], byte[]> CreateConsumer()
    {
        var config = new ConsumerConfig(live.Config.ToDictionary(setting => setting.Key, setting => setting.Value))
        {
            BootstrapServers = live.ConnectionString ?? live.Config.BootstrapServers,
            GroupId = $"crm-mail-replay-{Guid.NewGuid():n}",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
        };

        // That a broker is away is in the log already, by the live consumer.
        return new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    public static TopicPartition PlaceOf(int partition) => new(MailTopics.Events, partition);
}
