namespace CrmMail.Migrator;

internal static partial class KafkaLog
{
    [LoggerMessage(30, LogLevel.Debug, "{Facility}: {Message}")]
    public static partial void Line(ILogger logger, string facility, string message);
}
