using System.Collections.Concurrent;
using System.Diagnostics;
using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Benchmarks.Processing;

/// <summary>
/// The rows that the Processor has just written, taken into memory, and written once more to emptied tables by its own statements, in as many
/// transactions over as many connections: the limit that PostgreSQL sets.
/// </summary>
internal static class BareInsert
{
    private const int RecordsPerTransaction = 500;

    private const string BatchOfActivity =
        "width_bucket(activities.id::float8, (select min(id) from activities)::float8, (select max(id) + 1 from activities)::float8, $1)";

    private const string Links = $"select {BatchOfActivity} as batch, * from activity_contacts join activities on activities.id = activity_id";

    // In the order in which the Processor writes them.
    private static readonly Statement[] Statements =
    [
        new(
            "insert_activities",
            """
            id, account_id, mail_key, message_id, remote_id, folder_path, folder_special_use, folder_at, direction, subject, snippet, participants,
            attachment_count, is_auto_reply, is_complete, in_reply_to, thread_key, status, status_detail, status_at, occurred_at, received_at, source,
            event_id, topic, partition, "offset", correlation_id, tags, rules, attachments
            """,
            $"select {BatchOfActivity} as batch, *, array_to_string(tag_rules, ' ') as rules from activities"),
        new(
            "insert_message_keys",
            "key, keys_account, activity_id",
            $"select {BatchOfActivity} as batch, key, message_keys.account_id as keys_account, activity_id from message_keys join activities on activities.id = activity_id"),
        new("upsert_timeline_entries", "contact_id, mail_key, occurred_at, direction, tags", Links),
        new("insert_links", "activity_id, contact_id, role, mail_key, matched_by", Links),
        new(
            "upsert_skips",
            """account_id, source, event_id, event, reason, keys, topic, partition, "offset", correlation_id""",
            """
            select
                ntile($1) over (order by "offset", partition) as batch,
                *,
                (select coalesce(string_agg(key, ''::bytea), ''::bytea) from unnest(mail_keys) as key) as keys
            from skipped_events
            """),
        new(
            "upsert_ledger",
            """account_id, source, event_id, role, address_key, address, mailbox, contact_id, direction, mail_key, occurred_at, partition, "offset" """,
            """
            select ntile($1) over (order by "offset", partition) as batch, *
            from address_ledger
            """),
        new("insert_address_names", "address, name_key", "select ntile($1) over (order by address) as batch, * from address_names"),
    ];

    /// <returns>Events a second, as many as had made the rows.</returns>
    public static async Task<double> MeasureAsync(NpgsqlDataSource database, long records, int connections, CancellationToken cancellationToken)
    {
        var transactions = (int)Math.Max(1, records / RecordsPerTransaction);
        var batches = await ReadAsync(database, transactions, cancellationToken);
        await ExecuteAsync(database, "truncate activities, message_keys, timeline_entries, activity_contacts, skipped_events, address_ledger, address_names cascade", cancellationToken);
        await ExecuteAsync(database, "checkpoint", cancellationToken);
        var left = new ConcurrentQueue<List<NpgsqlParameter[]>>(batches);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => WriteAsync(database, left, cancellationToken), cancellationToken)));
        return records / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task WriteAsync(NpgsqlDataSource database, ConcurrentQueue<List<NpgsqlParameter[]>> left, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        while (left.TryDequeue(out var parameters))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection);
            for (var n = 0; n < Statements.Length; n++)
            {
                if (parameters[n].Length > 0)
                {
                    var command = new NpgsqlBatchCommand(Statements[n].Sql);
                    command.Parameters.AddRange(parameters[n]);
                    batch.BatchCommands.Add(command);
                }
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>For each transaction and each statement the arrays that it takes; none where it has no rows.</summary>
    private static async Task<List<List<NpgsqlParameter[]>>> ReadAsync(NpgsqlDataSource database, int transactions, CancellationToken cancellationToken)
    {
        var batches = Enumerable.Range(0, transactions).Select(_ => Statements.Select(_ => Array.Empty<NpgsqlParameter>()).ToList()).ToList();
        for (var statement = 0; statement < Statements.Length; statement++)
        {
            await using var command = database.CreateCommand(Statements[statement].ReadSql);
            command.Parameters.Add(new() { Value = transactions });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                batches[reader.GetInt32(0) - 1][statement] = ReadArrays(reader);
            }
        }

        return batches;
    }

    private static NpgsqlParameter[] ReadArrays(NpgsqlDataReader row)
    {
        var parameters = new NpgsqlParameter[row.FieldCount - 1];
        for (var column = 0; column < parameters.Length; column++)
        {
            parameters[column] = new NpgsqlParameter { Value = row.GetValue(column + 1), DataTypeName = row.GetDataTypeName(column + 1) };
        }

        return parameters;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <param name="file">The statement of the Processor.</param>
    /// <param name="columns">What it takes, in its order.</param>
    /// <param name="rows">Where that is, and to which of $1 transactions it belongs.</param>
    private sealed class Statement(string file, string columns, string rows)
    {
        public string Sql { get; } = SqlFile.Read(file);

        public string ReadSql { get; } = $"""
            select batch, {string.Join(", ", columns.Split(',').Select(column => $"array_agg({column.Trim()})"))}
            from ({rows}) as rows
            group by batch
            """;
    }
}
