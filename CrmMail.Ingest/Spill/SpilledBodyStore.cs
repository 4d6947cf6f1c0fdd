using System.Data.Common;
using CrmMail.Contracts;
using CrmMail.Ingest.Telemetry;
using Npgsql;

namespace CrmMail.Ingest.Spill;

/// <summary>Keeps bodies that no Kafka record can hold.</summary>
internal sealed partial class SpilledBodyStore(NpgsqlDataSource database, IngestMetrics metrics, ILogger<SpilledBodyStore> logger)
{
    private const string Insert = "insert into spilled_bodies (sha256, body) values ($1, $2) on conflict (sha256) do nothing";

    // Of it the sender waits for at most this, and then for the broker.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Stores a body under its hash; twice is once. False when the database does not confirm it in time. Takes no cancellation of the
    /// request: a sender that hangs up may have its event nevertheless.
    /// </summary>
    public async Task<bool> TryStoreAsync(SpilledBody spilled, byte[] body, CorrelationId correlationId)
    {
        try
        {
            using var timeout = new CancellationTokenSource(Timeout);
            await using var command = database.CreateCommand(Insert);
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = spilled.ToKey() });
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = body });
            await command.ExecuteNonQueryAsync(timeout.Token);
        }
        catch (Exception failure) when (failure is DbException or OperationCanceledException or TimeoutException)
        {
            LogNotStored(failure, correlationId, spilled.Size);
            return false;
        }

        metrics.Spilled();
        LogStored(correlationId, spilled.Size);
        return true;
    }

    [LoggerMessage(200, LogLevel.Information, "Event {CorrelationId}: body of {Size} bytes stored in PostgreSQL")]
    private partial void LogStored(CorrelationId correlationId, long size);

    [LoggerMessage(201, LogLevel.Error, "Event {CorrelationId}: body of {Size} bytes could not be stored in PostgreSQL")]
    private partial void LogNotStored(Exception failure, CorrelationId correlationId, long size);
}
