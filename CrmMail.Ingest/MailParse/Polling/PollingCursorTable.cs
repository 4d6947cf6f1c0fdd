using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Ingest.MailParse.Polling;

/// <summary>
/// The table <c>mailparse_cursors</c>. Its row is locked while the inbox is read, by the clock of the database; a replica that dies lets
/// go with its connection, and one that lost its connection cannot move the cursor any more.
/// </summary>
internal sealed class PollingCursorTable(NpgsqlDataSource database) : IPollingCursors
{
    private const string Add = "insert into mailparse_cursors (inbox) values ($1) on conflict do nothing";

    private const string Hold = """
        select cursor, failures
        from mailparse_cursors
        where inbox = $1 and poll_at <= now()
        for update skip locked
        """;

    private const string Move = """
        update mailparse_cursors
        set cursor = $2, failures = $3, poll_at = clock_timestamp() + $4,
            polled_at = case when $3 = 0 then clock_timestamp() else polled_at end
        where inbox = $1
        """;

    // Against a server that accepts connections and then is silent.
    private const int TimeoutSeconds = 10;

    public async Task<IHeldInbox?> TryHoldAsync(MailParseInbox inbox, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        NpgsqlTransaction? transaction = null;
        try
        {
            await using var add = Command(Add, connection, inbox);
            await add.ExecuteNonQueryAsync(cancellationToken);
            transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (await ReadAsync(connection, inbox, cancellationToken) is { } position)
            {
                return new HeldRow(connection, transaction, inbox, position);
            }
        }
        catch
        {
            await ReleaseAsync(connection, transaction);
            throw;
        }

        await ReleaseAsync(connection, transaction);
        return null;
    }

    private static async Task<InboxPosition?> ReadAsync(NpgsqlConnection connection, MailParseInbox inbox, CancellationToken cancellationToken)
    {
        await using var hold = Command(Hold, connection, inbox);
        await using var reader = await hold.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new InboxPosition(reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetInt32(1))
            : null;
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, MailParseInbox inbox) => new(sql, connection)
    {
        CommandTimeout = TimeoutSeconds,
        Parameters = { new NpgsqlParameter<string> { TypedValue = inbox.Name } },
    };

    private static async ValueTask ReleaseAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        if (transaction is not null)
        {
            await transaction.DisposeAsync();
        }

        await connection.DisposeAsync();
    }

    private sealed class HeldRow(NpgsqlConnection connection, NpgsqlTransaction transaction, MailParseInbox inbox, InboxPosition position) : IHeldInbox
    {
        public InboxPosition Position => position;

        public async Task MoveAsync(InboxPosition next, TimeSpan pause, CancellationToken cancellationToken)
        {
            await using var move = Command(Move, connection, inbox);
            move.Parameters.Add(new() { Value = (object?)next.Cursor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            move.Parameters.Add(new NpgsqlParameter<int> { TypedValue = next.Failures });
            move.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = pause });
            await move.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => ReleaseAsync(connection, transaction);
    }
}
