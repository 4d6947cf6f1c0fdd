using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Attachments;

/// <summary>What activities tell of their files, and the table <c>attachment_links</c>.</summary>
internal sealed class AttachmentTable(NpgsqlDataSource database)
{
    // What a team address has leads to the activity that stands for the mail.
    private const string Files = """
        select
            activities.id, account_id, source, remote_id, attachment_count,
            file.position - 1, file.value ->> 'name', file.value ->> 'type', (file.value ->> 'size')::bigint, file.value ->> 'url',
            link.state, link.sha256, link.expires_at
        from activities
        left join lateral jsonb_array_elements(attachments) with ordinality as file (value, position) on true
        left join attachment_links as link on link.activity_id = activities.id and link.position = file.position - 1
        where activities.id = (select case source when 'mailparse' then shown_copy(id) else id end from activities where id = $1)
        order by file.position
        """;

    private const string Link = """
        insert into attachment_links (activity_id, position, state, asked_at, sha256, size, expires_at)
        select id, $2, 'linked', now(), $3, $4, now() + $5
        from activities
        where id = $1
        on conflict (activity_id, position) do update
        set state = 'linked', asked_at = case when $6 then now() else attachment_links.asked_at end,
            sha256 = excluded.sha256, size = excluded.size, expires_at = excluded.expires_at, attempts = 0, next_try_at = null, error = null
        """;

    private const string Refuse = """
        insert into attachment_links (activity_id, position, state, asked_at, error)
        select id, $2, 'refused', now(), $3
        from activities
        where id = $1
        on conflict (activity_id, position) do update
        set state = 'refused', asked_at = case when $4 then now() else attachment_links.asked_at end, error = excluded.error, next_try_at = null,
            sha256 = null, size = null, expires_at = null
        """;

    private const string Fail = """
        insert into attachment_links (activity_id, position, state, asked_at, next_try_at, error)
        select id, $2, 'waiting', now(), now() + $3, $4
        from activities
        where id = $1
        on conflict (activity_id, position) do update
        set state = 'waiting', asked_at = now(), attempts = 0, next_try_at = excluded.next_try_at, error = excluded.error
        """;

    // Whoever takes one has it for as long as the lease; after a crash another takes it.
    private const string TakeDue = """
        update attachment_links
        set next_try_at = now() + $1, attempts = attempts + 1
        where (activity_id, position) = (
            select activity_id, position
            from attachment_links
            where state = 'waiting'
              and next_try_at <= now()
            order by next_try_at
            limit 1
            for update skip locked)
        returning activity_id, position, attempts
        """;

    private const string Postpone = """
        update attachment_links
        set state = case when $3 then 'dead' else 'waiting' end, next_try_at = case when $3 then null else now() + $4 end, error = $5
        where activity_id = $1
          and position = $2
          and state = 'waiting'
        """;

    /// <summary>The files of the activity, and how many there are in all; null when there is no such activity.</summary>
    public async Task<(List<AttachedFile> Files, int Count)?> ReadAsync(long activity, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Files);
        command.Parameters.Add(new() { Value = activity });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        int? count = null;
        var files = new List<AttachedFile>();
        while (await row.ReadAsync(cancellationToken))
        {
            count = row.GetInt32(4);
            if (!row.IsDBNull(5))
            {
                files.Add(Read(row));
            }
        }

        return count is { } known ? (files, known) : null;
    }

    /// <summary>The file; null when there is none.</summary>
    public async Task<AttachedFile?> FindAsync(AttachmentId id, CancellationToken cancellationToken) =>
        await ReadAsync(id.ActivityId, cancellationToken) is var (files, _) && id.Position < files.Count ? files[id.Position] : null;

    /// <summary>The file was read and is handed out.</summary>
    public Task LinkAsync(AttachmentId id, ReadFile read, TimeSpan believedFor, bool isAsked, CancellationToken cancellationToken) =>
        ExecuteAsync(Link, id, cancellationToken, new() { Value = read.Sha256 }, new() { Value = read.Size }, new() { Value = believedFor }, new() { Value = isAsked });

    /// <summary>The file was read and is not handed out.</summary>
    public Task RefuseAsync(AttachmentId id, AttachmentRefusal refusal, bool isAsked, CancellationToken cancellationToken) =>
        ExecuteAsync(Refuse, id, cancellationToken, new() { Value = refusal.ToText() }, new() { Value = isAsked });

    /// <summary>The file was asked for and could not be had.</summary>
    public Task FailAsync(AttachmentId id, TimeSpan retryAfter, string error, CancellationToken cancellationToken) =>
        ExecuteAsync(Fail, id, cancellationToken, new() { Value = retryAfter }, new() { Value = error });

    /// <summary>Takes a file that is due to be tried again, for as long as the lease; null when there is none.</summary>
    public async Task<(AttachmentId Id, int Attempt)?> TakeDueAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(TakeDue);
        command.Parameters.Add(new() { Value = lease });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (new AttachmentId(row.GetInt64(0), row.GetInt16(1)), row.GetInt32(2)) : null;
    }

    /// <summary>The file could not be had once more: it is tried again, or no more.</summary>
    public Task PostponeAsync(AttachmentId id, bool isLast, TimeSpan retryAfter, string error, CancellationToken cancellationToken) =>
        ExecuteAsync(Postpone, id, cancellationToken, new() { Value = isLast }, new() { Value = retryAfter }, new() { Value = error });

    private async Task ExecuteAsync(string sql, AttachmentId id, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id.ActivityId });
        command.Parameters.Add(new() { Value = id.Position });
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static AttachedFile Read(NpgsqlDataReader row) => new()
    {
        Id = new AttachmentId(row.GetInt64(0), (short)row.GetInt64(5)),
        Account = AccountId.Parse(row.GetString(1)),
        Source = StableText.Parse<MailSource>(row.GetString(2)),
        RemoteId = Text(row, 3),
        Name = Text(row, 6),
        ContentType = Text(row, 7),
        Size = row.IsDBNull(8) ? null : row.GetInt64(8),
        Url = Text(row, 9),
        State = Text(row, 10) is { } state ? StableText.Parse<AttachmentState>(state) : null,
        Sha256 = row.IsDBNull(11) ? null : row.GetFieldValue<byte[]>(11),
        ExpiresAt = row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
