using System.Text.Json;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Messages;

/// <summary>The table <c>outbound_messages</c>: every request to send a mail, and the answer to it.</summary>
internal sealed class OutboundStore(NpgsqlDataSource database)
{
    private const string FindRow = """
        select request_sha256, message_id, created_at, answer::text
        from outbound_messages
        where account_id = $1
          and idempotency_key = $2
        """;

    // Before the level is asked for, as every writer of mails does: see StorageLevel.
    private const string LockAccount = "select 1 from accounts where id = $1 for share";

    // Whoever comes first decides upon the Message-ID. Not for an account that was removed.
    private const string InsertRow = """
        insert into outbound_messages (account_id, idempotency_key, request_sha256, message_id, message_key, send_at, subject, snippet, participants, in_reply_to)
        select id, $2, $3, $4, $5, $6, stored_subject(storage_level(id), $7), stored_snippet(storage_level(id), $8), $9, $10
        from accounts
        where id = $1
          and forgotten_before is distinct from 'infinity'
        on conflict (account_id, idempotency_key) do nothing
        """;

    private const string AnswerRow = """
        update outbound_messages
        set answer = coalesce(answer, $3),
            answer_status = coalesce(answer_status, $4),
            state = case when state = 'pending' then $5 else state end,
            queue_id = coalesce(queue_id, $6),
            send_at = coalesce($7, send_at),
            updated_at = now()
        where account_id = $1
          and idempotency_key = $2
        returning answer::text
        """;

    private const string CancelRow = "update outbound_messages set state = 'canceled', updated_at = now() where account_id = $1 and queue_id = $2";

    /// <summary>The request that first came with the key; null when none did.</summary>
    public async Task<OutboundRow?> FindAsync(AccountId account, string key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(FindRow);
        command.Parameters.Add(new() { Value = account.Value });
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>Records a request, unless one with the key is there already.</summary>
    /// <returns>The request that was first; null when the account was removed.</returns>
    public async Task<OutboundRow?> AddAsync(
        AccountId account, string key, byte[] hash, string messageId, OutboundContent content, CancellationToken cancellationToken)
    {
        MessageKey.TryFromMessageId(messageId, out var messageKey);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(LockAccount) { Parameters = { new() { Value = account.Value } } });
        batch.BatchCommands.Add(new(InsertRow)
        {
            Parameters =
            {
                new() { Value = account.Value },
                new() { Value = key },
                new() { Value = hash },
                new() { Value = messageId },
                new() { Value = messageKey!.Bytes.ToArray() },
                new() { Value = (object?)content.SendAt?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = content.Subject },
                new() { Value = content.Snippet },
                new() { Value = content.Participants, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = (object?)content.InReplyTo ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        });

        // A statement of its own, so that it sees what another request has committed meanwhile.
        batch.BatchCommands.Add(new(FindRow) { Parameters = { new() { Value = account.Value }, new() { Value = key } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>Records the answer, unless there is one already.</summary>
    /// <returns>The answer that was first.</returns>
    public async Task<OutboundAnswer> AnswerAsync(AccountId account, string key, OutboundAnswer answer, CancellationToken cancellationToken)
    {
        var state = answer.Accepted is null ? OutboundState.Rejected : OutboundState.Queued;
        var status = answer.Accepted is null ? StatusCodes.Status400BadRequest : StatusCodes.Status202Accepted;
        await using var command = database.CreateCommand(AnswerRow);
        command.Parameters.Add(new() { Value = account.Value });
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(answer, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = state.ToText() });
        command.Parameters.Add(new() { Value = (object?)answer.Accepted?.QueueId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)answer.Accepted?.SendAt.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return await command.ExecuteScalarAsync(cancellationToken) is string first ? ReadAnswer(first) : answer;
    }

    /// <summary>Records that a mail was taken out of the outbox.</summary>
    public async Task CancelAsync(AccountId account, string queueId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(CancelRow);
        command.Parameters.Add(new() { Value = account.Value });
        command.Parameters.Add(new() { Value = queueId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<OutboundRow?> ReadAsync(NpgsqlDataReader row, CancellationToken cancellationToken) =>
        await row.ReadAsync(cancellationToken)
            ? new OutboundRow(
                row.GetFieldValue<byte[]>(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.IsDBNull(3) ? null : ReadAnswer(row.GetString(3)))
            : null;

    private static OutboundAnswer ReadAnswer(string json) => JsonSerializer.Deserialize<OutboundAnswer>(json, JsonSerializerOptions.Web)!;
}
