using System.Net.Sockets;
using System.Security.Cryptography;
using Confluent.Kafka;
using CrmMail.Contracts;
using CrmMail.Processor.Writing;
using Npgsql;

namespace CrmMail.Processor.Batches;

/// <summary>Tells a server that is away from a record that is bad, and waits for the server (R3).</summary>
internal sealed partial class Outages(TimeProvider time, ILogger<Outages> logger)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Repeats an operation, with growing pauses and jitter, for as long as a server is away.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<T> OutlastAsync<T>(Func<Task<T>> operation, CancellationToken stop)
    {
        for (var pause = First; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, Longest.Ticks)))
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return await operation();
            }
            catch (Exception exception) when (IsOutage(exception))
            {
                if (exception is MissingMasterKeyException missing)
                {
                    LogMissingMasterKey(missing.Message);
                }

                LogWaiting(exception.GetType().Name, (exception as PostgresException)?.SqlState, pause);
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, stop);
            }
        }
    }

    /// <summary>
    /// Whether the same operation may succeed later. Of PostgreSQL's errors only those of cardinality (21), data (22), constraints (23) and
    /// program limits (54) speak of the events; all others speak of the server or of this program, and no event may suffer for them.
    /// </summary>
    /// <remarks>A missing row of a foreign key (23503) is a contact that was deleted after it was matched: it is not matched again.</remarks>
    public static bool IsOutage(Exception exception) => exception switch
    {
        ConcurrentWriteException => true,
        MissingMasterKeyException or CryptographicException => true, // Of the configuration: of this event there is nothing wrong.
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } => true,
        PostgresException postgres => postgres.SqlState[..2] is not ("21" or "22" or "23" or "54"),
        NpgsqlException => true,
        KafkaException kafka => kafka.Error is { IsFatal: false, Code: not ErrorCode.MsgSizeTooLarge },
        TimeoutException or SocketException or IOException => true,
        _ => false,
    };

    [LoggerMessage(310, LogLevel.Warning, "A server does not answer ({Exception}, {SqlState}); trying again in about {Pause}.")]
    private partial void LogWaiting(string exception, string? sqlState, TimeSpan pause);

    [LoggerMessage(390, LogLevel.Error, "Bodies cannot be encrypted: {Reason}")]
    private partial void LogMissingMasterKey(string reason);
}
