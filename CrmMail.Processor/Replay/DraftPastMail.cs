using CrmMail.Processor.Batches;
using CrmMail.Processor.Database;
using CrmMail.Processor.Ledger;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>
/// Writes events to the draft once more that came before the one by which the policy makes a contact of somebody they name. Of the real
/// tables past mail follows by the ledger; so it does here, before the draft is compared.
/// </summary>
internal sealed class DraftPastMail(NpgsqlDataSource database, ReplayKafka kafka, ReplayPipeline pipeline, Outages outages, PartitionWork work)
{
    private const int BatchSize = 500;

    private readonly string _sql = SqlFile.Read("draft_past_events");

    public async Task WriteAsync(CancellationToken stop)
    {
        var places = await ReadAsync(-1, stop);
        if (places.Count == 0)
        {
            return;
        }

        using var reader = new PlaceReader(kafka);
        for (; places.Count > 0; places = await ReadAsync(places[^1].Offset, stop))
        {
            var batch = new RecordBatch(reader.Read(places, stop)) { Next = work.From };
            await pipeline.WriteAsync(await pipeline.DecodeAsync(batch, stop), stop);
        }
    }

    private Task<List<EventPlace>> ReadAsync(long after, CancellationToken stop) => outages.OutlastAsync(() => ReadOnceAsync(after, stop), stop);

    private async Task<List<EventPlace>> ReadOnceAsync(long after, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await DraftSchema.UseAsync(connection, work.Run.Id, stop);
        await using var command = new NpgsqlCommand(_sql, connection);
        command.Parameters.Add(new() { Value = work.Partition });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = BatchSize });
        return await EventPlace.ReadAllAsync(command, stop);
    }
}
