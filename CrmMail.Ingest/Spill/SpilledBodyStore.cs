using System.Data.Common;
using CrmMail.Contracts;
using CrmMail.Ingest.Telemetry;
using Npgsql;

namespace CrmMail.Ingest.Spill;

/// <summary>The real store: a row in <c>spilled_bodies</c>.</summary>
internal sealed partial class SpilledBodyStore(
    NpgsqlDataSource database, IngestMetrics metrics, TimeProvider time, ILogger<SpilledBodyStore> logger) : ISpilledBodyStore
{
    // Of it the sender waits for at most this, and then for the broker.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public async Task<bool> TryStoreAsync(SpilledBody spilled, byte[] body, CorrelationId correlationId)
    {
        try
        {
            // Against a server that accepts connections and then is silent, a client may hang even while it cancels.
            await StoreAsync(spilled, body).WaitAsync(Timeout, time);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            LogNotStored(failure, correlationId, spilled.Size);
            return false;
        }

        metrics.Spilled();
        LogStored(correlationId, spilled.Size);
        return true;
    }

    private async Task StoreAsync(SpilledBody spilled, byte[] body)
    {
        await using var command = database.CreateCommand(SpilledBody.Insert);
        command.CommandTimeout = (int)Timeout.TotalSeconds;
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = spilled.ToKey() });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = body });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    [LoggerMessage(200, LogLevel.Information, "Event {CorrelationId}: body of {Size} bytes stored in PostgreSQL")]
    private partial void LogStored(CorrelationId correlationId, long size);

    [LoggerMessage(201, LogLevel.Error, "Event {CorrelationId}: body of {Size} bytes could not be stored in PostgreSQL")]
    private partial void LogNotStored(Exception failure, CorrelationId correlationId, long size);
}
