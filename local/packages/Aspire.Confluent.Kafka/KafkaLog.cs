using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>What librdkafka logs, as a log of the service and not on its standard error.</summary>
internal static partial class KafkaLog
{
    public const string Category = "Aspire.Confluent.Kafka";

    public static void Write(ILogger logger, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        LibrdkafkaMessage(logger, level, message.Facility, message.Message);
    }

    /// <summary>What happens to a probe's connection happens to the service's own, which logs it; and the probe reports its result.</summary>
    public static void WriteProbe(ILogger logger, LogMessage message)
        => LibrdkafkaMessage(logger, LogLevel.Debug, message.Facility, message.Message);

    [LoggerMessage(EventId = 1, Message = "{Facility}: {Message}")]
    private static partial void LibrdkafkaMessage(ILogger logger, LogLevel level, string facility, string message);
}
