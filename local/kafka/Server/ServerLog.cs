using Microsoft.Extensions.Logging;

namespace KafkaBroker.Server;

/// <summary>What the operator should know of clients.</summary>
internal sealed partial class ServerLog(ILogger<ServerLog> logger, BrokerMetrics metrics)
{
    public void LogMalformed(string client, string reason)
    {
        metrics.CountMalformed();
        LogSentAway(client, reason);
    }

    [LoggerMessage(11, LogLevel.Error, "The connection of {Client} failed")]
    public partial void LogFailed(string client, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "Cannot take a connection, trying on")]
    public partial void LogCannotAccept(Exception exception);

    [LoggerMessage(10, LogLevel.Debug, "Ended the connection of {Client}: {Reason}")]
    private partial void LogSentAway(string client, string reason);
}
