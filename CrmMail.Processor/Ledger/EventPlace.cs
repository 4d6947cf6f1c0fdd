using Npgsql;

namespace CrmMail.Processor.Ledger;

/// <summary>An event, and where Kafka has it.</summary>
internal sealed record EventPlace(int Partition, long Offset, string AccountId, string Source, string EventId)
{
    /// <summary>The places of the columns partition, offset, account_id, source, event_id.</summary>
    public static async Task<List<EventPlace>> ReadAllAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var places = new List<EventPlace>();
        while (await row.ReadAsync(cancellationToken))
        {
            places.Add(new EventPlace(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4)));
        }

        return places;
    }
}
