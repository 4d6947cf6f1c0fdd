using Npgsql;

namespace CrmMail.FaultTests.Invariants;

/// <summary>A row that an event ended as.</summary>
internal readonly record struct Row(string Table, string EventId, int Partition, long Offset);

/// <summary>An activity, as far as it is compared.</summary>
/// <param name="Account">Whose.</param>
/// <param name="MessageId">Empty when it has none.</param>
/// <param name="Folder">Where the mail is; null when nobody has told.</param>
/// <param name="Entries">On how many timelines it is, counted by role: a mail of the load has one contact.</param>
internal readonly record struct ActivityRow(string Account, string MessageId, string? Folder, long Entries);

/// <summary>A number that an account keeps, and the rows that it should be.</summary>
internal readonly record struct AccountCount(string Account, string Name, long Kept, long Rows);

/// <summary>Everything that the database says about what became of the events.</summary>
internal sealed class Outcomes
{
    /// <summary>The rows of an event.</summary>
    public required ILookup<string, Row> Rows { get; init; }

    public required ILookup<(string Account, string MessageId), ActivityRow> Activities { get; init; }

    /// <summary>How many mails and skips each account believes to have.</summary>
    public required IReadOnlyList<AccountCount> Counts { get; init; }

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
            """
            select account_id, coalesce(message_id, ''), folder_path, count(activity_contacts.entry_id)
            from activities
                left join activity_contacts on activity_contacts.activity_id = activities.id
            group by activities.id
            """,
            reader => new ActivityRow(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetInt64(3)),
            cancellationToken);
        var counts = await ReadAsync(
            database,
            """
            with
                mails as (select account_id, direction, count(*) as rows from activities group by account_id, direction),
                skips as (select account_id, count(*) as rows from skipped_events group by account_id)
            select id, count.name, kept, coalesce(rows, 0)
            from accounts
                cross join lateral (values
                    ('incoming', incoming_count, (select rows from mails where account_id = id and direction = 'incoming')),
                    ('sent', sent_count, (select rows from mails where account_id = id and direction = 'sent')),
                    ('skipped', skipped_count, (select rows from skips where account_id = id))) as count (name, kept, rows)
            """,
            reader => new AccountCount(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)),
            cancellationToken);
        return new() { Rows = rows.ToLookup(row => row.EventId), Activities = activities.ToLookup(activity => (activity.Account, activity.MessageId)), Counts = counts };
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
