using System.Data;
using CrmMail.Api.EmailEngine;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;
using EventId = CrmMail.Contracts.EventId;

namespace CrmMail.Api.Reconciliation;

/// <summary>
/// The runs, as whoever works on them sees them. All of it goes over the connection that holds the lock of the account: when it is lost, so is
/// the lock, and nothing more is written.
/// </summary>
internal sealed class ReconciliationTable(NpgsqlConnection connection)
{
    private const string Candidates = """
        select id, account_id
        from (
            select distinct on (account_id) id, account_id, is_awaited, requested_at
            from reconciliations
            where state in ('queued', 'running')
              and resume_at <= now()
            order by account_id, is_awaited desc, requested_at, id
        ) as first_of_account
        order by is_awaited desc, requested_at, id
        limit 100
        """;

    private const string Begin = $"""
        update reconciliations
        set state = 'running',
            started_at = coalesce(started_at, now())
        where id = $1
          and state in ('queued', 'running')
          and resume_at <= now()
        returning {Reconciliation.Columns}
        """;

    private const string AddFolders = """
        with added as (
            insert into reconciliation_folders (run_id, position, path, special_use)
            select $1, position - 1, path, special_use
            from unnest($2, $3) with ordinality as folder (path, special_use, position)
            returning position
        )
        update reconciliations
        set folders = (select count(*) from added)
        where id = $1
        """;

    private const string ReadFolders = """
        select position, path, special_use, cursor, total
        from reconciliation_folders
        where run_id = $1
          and not is_done
        order by position
        """;

    private const string FindKnown = "select key from message_keys where key = any ($2) and account_id = $1";

    private const string FindSkipped = """
        select mail_key, reason
        from skipped_events
        cross join unnest(mail_keys) as mail_key
        where account_id = $1
          and mail_keys && $2
        """;

    private const string Record = """
        with folder as (
            update reconciliation_folders
            set cursor = $3, total = $4, is_done = $5
            where run_id = $1
              and position = $2
            returning path
        ), found as (
            insert into reconciliation_mails (run_id, event_id, remote_id, folder, message_id, received_at, is_fed)
            select $1, event_id, remote_id, path, message_id, received_at, $11
            from folder
            cross join unnest($7, $8, $9, $10) as mail (event_id, remote_id, message_id, received_at)
            on conflict (run_id, event_id) do nothing
            returning is_fed
        )
        update reconciliations
        set seen = seen + $6,
            missing = missing + (select count(*) from found),
            fed = fed + (select count(*) from found where is_fed),
            folders_done = folders_done + $5::integer,
            attempts = 0,
            mailbox_away_at = null,
            error = null
        where id = $1
        returning state = 'running'
        """;

    private const string Postpone = """
        update reconciliations
        set resume_at = now() + greatest($2, least(interval '1 minute', interval '1 second' * 2 ^ least(attempts, 6)) * (0.75 + random() / 2)),
            attempts = attempts + 1,
            mailbox_away_at = case when $3 then coalesce(mailbox_away_at, now()) end,
            error = $4
        where id = $1
          and state = 'running'
        returning coalesce(now() - mailbox_away_at, interval '0')
        """;

    private const string End = """
        with ended as (
            update reconciliations
            set state = $2,
                error = $3,
                ended_at = now()
            where id = $1
              and state = 'running'
            returning id, account_id, state, is_dry_run, started_at, seen, missing, fed
        ), reconciled as (
            update accounts
            set reconciled_until = greatest(reconciled_until, started_at)
            from ended
            where accounts.id = account_id
              and ended.state = 'completed'
              and not is_dry_run
        )
        update operations_audit
        set result = jsonb_build_object('state', ended.state, 'seen', seen, 'missing', missing, 'fed', fed)
        from ended
        where run_id = ended.id
          and result is null
        """;

    /// <summary>Takes a run of an account that nobody works on, and makes this the one that does; null when there is none. What somebody waits for goes first, then the oldest.</summary>
    public async Task<Reconciliation?> TakeAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, account) in await ReadCandidatesAsync(cancellationToken))
        {
            if (!await TryLockAsync(account, cancellationToken))
            {
                continue;
            }

            // Whoever had the lock before may have ended it.
            if (await BeginAsync(id, cancellationToken) is { } run)
            {
                return run;
            }

            await UnlockAsync(account);
        }

        return null;
    }

    /// <summary>Lets somebody else work on the account. A connection that was lost holds no lock.</summary>
    public async Task UnlockAsync(string account)
    {
        if (connection.State == ConnectionState.Open)
        {
            await using var command = CommandOf($"select pg_advisory_unlock({LockOf})", account);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    /// <summary>Writes which folders there are.</summary>
    public async Task AddFoldersAsync(Reconciliation run, IReadOnlyList<EngineFolder> folders, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(AddFolders, run.Id);
        command.Parameters.Add(new() { Value = folders.Select(folder => folder.Path).ToArray() });
        command.Parameters.Add(new() { Value = folders.Select(folder => folder.SpecialUse).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The folders that are not done.</summary>
    public async Task<List<FolderCheckpoint>> ReadFoldersAsync(Reconciliation run, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(ReadFolders, run.Id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var folders = new List<FolderCheckpoint>();
        while (await row.ReadAsync(cancellationToken))
        {
            folders.Add(new FolderCheckpoint(
                row.GetInt32(0),
                row.GetString(1),
                row.IsDBNull(2) ? null : row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3),
                row.IsDBNull(4) ? null : row.GetInt64(4)));
        }

        return folders;
    }

    /// <summary>Which of the keys have an activity, and for which reasons mails of the others were skipped.</summary>
    public async Task<(HashSet<MessageKey> Known, ILookup<MessageKey, SkipReason> Skipped)> FindTracesAsync(
        Reconciliation run, IEnumerable<MessageKey> keys, CancellationToken cancellationToken)
    {
        var all = keys.Select(key => key.Bytes.ToArray()).ToArray();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(FindKnown) { Parameters = { new() { Value = run.Account }, new() { Value = all } } },
                new(FindSkipped) { Parameters = { new() { Value = run.Account }, new() { Value = all } } },
            },
        };
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var known = new HashSet<MessageKey>();
        while (await row.ReadAsync(cancellationToken))
        {
            known.Add(KeyAt(row));
        }

        var skipped = new List<(MessageKey Key, SkipReason Reason)>();
        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            skipped.Add((KeyAt(row), StableText.Parse<SkipReason>(row.GetString(1))));
        }

        return (known, skipped.ToLookup(skip => skip.Key, skip => skip.Reason));
    }

    /// <summary>Keeps a body that no record can hold.</summary>
    public async Task SpillAsync(SpilledBody spilled, byte[] body, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(SpilledBody.Insert, spilled.ToKey());
        command.Parameters.Add(new() { Value = body });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes what was done with a page, and where the folder goes on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">The folder as it is after the page.</param>
    /// <param name="isDone">Whether that was its last page.</param>
    /// <param name="seen">How many mails were compared.</param>
    /// <param name="missing">Those that were missing; Kafka has them unless it is a dry run.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>False when somebody has cancelled the run.</returns>
    public async Task<bool> RecordAsync(
        Reconciliation run, FolderCheckpoint folder, bool isDone, int seen, IReadOnlyCollection<(EngineMessage Mail, EventId EventId)> missing, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(Record, run.Id);
        command.Parameters.Add(new() { Value = folder.Position });
        command.Parameters.Add(new() { Value = (object?)folder.Cursor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)folder.Total ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = isDone });
        command.Parameters.Add(new() { Value = (long)seen });
        command.Parameters.Add(new() { Value = missing.Select(one => one.EventId.Value).ToArray() });
        command.Parameters.Add(new() { Value = missing.Select(one => one.Mail.Id).ToArray() });
        command.Parameters.Add(new() { Value = missing.Select(one => MessageKey.Canonical(one.Mail.MessageId)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = missing.Select(one => one.Mail.Date?.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = !run.IsDryRun });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken) ?? false);
    }

    /// <summary>Whether nobody has cancelled the run.</summary>
    public async Task<bool> IsWantedAsync(Reconciliation run, CancellationToken cancellationToken)
    {
        await using var command = CommandOf("select exists (select from reconciliations where id = $1 and state = 'running')", run.Id);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Leaves the run for later: each time in a row twice as long, up to a minute.</summary>
    /// <param name="run">The run.</param>
    /// <param name="atLeast">Not before.</param>
    /// <param name="isMailboxAway">Whether the mailbox is to blame.</param>
    /// <param name="reason">What it waits for.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>For how long the mailbox has been away.</returns>
    public async Task<TimeSpan> PostponeAsync(Reconciliation run, TimeSpan atLeast, bool isMailboxAway, string reason, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(Postpone, run.Id);
        command.Parameters.Add(new() { Value = atLeast });
        command.Parameters.Add(new() { Value = isMailboxAway });
        command.Parameters.Add(new() { Value = reason });
        return (TimeSpan)(await command.ExecuteScalarAsync(cancellationToken) ?? TimeSpan.Zero);
    }

    /// <summary>Ends the run, unless somebody has cancelled it meanwhile, and tells the audit.</summary>
    public async Task EndAsync(Reconciliation run, RunState state, string? error, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(End, run.Id);
        command.Parameters.Add(new() { Value = state.ToText() });
        command.Parameters.Add(new() { Value = (object?)error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string LockOf = "hashtextextended('reconciliation ' || $1, 0)";

    private async Task<List<(Guid Id, string Account)>> ReadCandidatesAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Candidates, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var candidates = new List<(Guid Id, string Account)>();
        while (await row.ReadAsync(cancellationToken))
        {
            candidates.Add((row.GetGuid(0), row.GetString(1)));
        }

        return candidates;
    }

    private async Task<bool> TryLockAsync(string account, CancellationToken cancellationToken)
    {
        await using var command = CommandOf($"select pg_try_advisory_lock({LockOf})", account);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<Reconciliation?> BeginAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(Begin, id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Reconciliation.Read(row) : null;
    }

    private static MessageKey KeyAt(NpgsqlDataReader row) => MessageKey.FromBytes(row.GetFieldValue<byte[]>(0));

    private NpgsqlCommand CommandOf(string sql, object parameter) => new(sql, connection) { Parameters = { new() { Value = parameter } } };
}

/// <summary>How far a run is in a folder.</summary>
/// <param name="Position">The place of the folder in the run.</param>
/// <param name="Path">The folder.</param>
/// <param name="SpecialUse">What it is for; null for a folder of the user.</param>
/// <param name="Cursor">The next page; null for the first.</param>
/// <param name="Total">Mails in the folder when the page before was read.</param>
internal sealed record FolderCheckpoint(int Position, string Path, string? SpecialUse, string? Cursor, long? Total);
