using Npgsql;

namespace CrmMail.FaultTests.Invariants;

/// <summary>The tables as they were before a replay, row by row, to be compared with what they are after it.</summary>
internal sealed class TableCopies(NpgsqlDataSource database)
{
    /// <summary>Every table that the Processor writes.</summary>
    private static readonly string[] Tables =
        ["accounts", "account_addresses", "activities", "message_keys", "timeline_entries", "activity_contacts", "skipped_events", "delivery_reports", "address_ledger", "dead_letters"];

    /// <summary>
    /// When webhooks of an account came last. A copy of an event that is done is skipped without a word to PostgreSQL; a replay hears it.
    /// </summary>
    private const string NotCompared = "last_event_at";

    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        var copies = Tables.Select(table => $"create table before_replay.{table} as table public.{table};");
        await using var command = database.CreateCommand($"create schema before_replay; {string.Join(' ', copies)}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows that are not as they were, each as it was and as it is.</summary>
    public async Task<List<string>> ChangesAsync(CancellationToken cancellationToken)
    {
        var changes = new List<string>();
        foreach (var table in Tables)
        {
            await using var command = database.CreateCommand(
                $"""
                with
                    before as (select to_jsonb(row) - $1 as row from before_replay.{table} as row),
                    after as (select to_jsonb(row) - $1 as row from public.{table} as row)
                select 'before: ' || row::text from (table before except all table after) as gone
                union all
                select 'after: ' || row::text from (table after except all table before) as come
                """);
            command.Parameters.Add(new() { Value = NotCompared });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                changes.Add($"{table} {reader.GetString(0)}");
            }
        }

        return changes;
    }
}
