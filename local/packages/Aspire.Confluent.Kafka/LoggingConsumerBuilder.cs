using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

internal sealed class LoggingConsumerBuilder<TKey, TValue>(ConsumerConfig config, ILogger logger) : ConsumerBuilder<TKey, TValue>(config)
{
    /// <summary>A log handler of the service's own wins.</summary>
    public override IConsumer<TKey, TValue> Build()
    {
        LogHandler ??= (_, message) => KafkaLog.Write(logger, message);
        return base.Build();
    }
}
