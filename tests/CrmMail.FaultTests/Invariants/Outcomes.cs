using Npgsql;

namespace CrmMail.FaultTests.Invariants;

/// <summary>A row that an event ended as.</summary>
internal readonly record struct Row(string Table, string EventId, int Partition, long Offset);

/// <summary>An activity, as far as it is compared.</summary>
internal readonly record struct ActivityRow(string Account, string MessageId, string? Folder);

/// <summary>Everything that the database says about what became of the events.</summary>
internal sealed class Outcomes
{
    /// <summary>The rows of an event.</summary>
    public required ILookup<string, Row> Rows { get; init; }

    public required ILookup<(string Account, string MessageId), ActivityRow> Activities { get; init; }

    public static async Task<Outcomes> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(
            database,
            """
            select 'activities', event_id, partition, "offset" from activities
            union all
            select 'skipped_events', event_id, partition, "offset" from skipped_events
            union all
            select 'dead_letters', coalesce(event_id, ''), partition, "offset" from dead_letters
            """,
            reader => new Row(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3)),
            cancellationToken);
        var activities = await ReadAsync(
            database,
            "select account_id, coalesce(message_id, ''), folder_path from activities",
            reader => new ActivityRow(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)),
            cancellationToken);
        return new() { Rows = rows.ToLookup(row => row.EventId), Activities = activities.ToLookup(activity => (activity.Account, activity.MessageId)) };
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(read(reader));
        }

        return found;
    }
}
