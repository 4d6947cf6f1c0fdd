using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

internal sealed class LoggingProducerBuilder<TKey, TValue>(ProducerConfig config, ILogger logger) : ProducerBuilder<TKey, TValue>(config)
{
    /// <summary>A log handler of the service's own wins.</summary>
    public override IProducer<TKey, TValue> Build()
    {
        LogHandler ??= (_, message) => KafkaLog.Write(logger, message);
        return base.Build();
    }
}
