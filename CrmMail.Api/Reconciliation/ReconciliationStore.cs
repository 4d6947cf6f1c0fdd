using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Contracts;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Reconciliation;

/// <summary>The table <c>reconciliations</c>, as operators ask for runs and look at them.</summary>
internal sealed class ReconciliationStore(NpgsqlDataSource database, IOptions<ReconciliationOptions> options)
{
    private const string RunList = "reconciliations";
    private const string MailList = "reconciliation-mails";

    // After an outage the last event is not the last before the outage, hence the shortest range.
    private const string Insert = $"""
        with added as (
            insert into reconciliations (id, account_id, cause, is_dry_run, is_awaited, since, requested_by)
            select
                gen_random_uuid(), id, 'demand', $2, $1 is not null,
                coalesce(
                    $3,
                    greatest(
                        least(coalesce(last_event_at, '-infinity') - $5, now() - $6),
                        {ReconciliationSql.ConnectedSince},
                        now() - $7)),
                $4
            from accounts
            where ($1 is null or id = $1)
              and {ReconciliationSql.IsMailbox}
              and ($1 is not null or {ReconciliationSql.IsLive})
              and forgotten_before is distinct from 'infinity'
            returning {Reconciliation.Columns}
        ), {ReconciliationSql.Audit}
        select *
        from added
        """;

    private const string List = $"""
        select {Reconciliation.Columns}
        from reconciliations
        where (requested_at, id) < ($1, $2)
          and ($3 is null or account_id = $3)
        order by requested_at desc, id desc
        limit $4
        """;

    private const string Find = $"select {Reconciliation.Columns} from reconciliations where id = $1";

    private const string ListMails = """
        select id, folder, remote_id, message_id, received_at, event_id, is_fed
        from reconciliation_mails
        where run_id = $1
          and id > $2
        order by id
        limit $3
        """;

    // Of a run that nobody works on just now, nobody else tells the audit what came of it.
    private const string Cancel = $"""
        with cancelled as (
            update reconciliations
            set state = 'cancelled', ended_at = now()
            where id = $1
              and state in ('queued', 'running')
            returning {Reconciliation.Columns}
        ), told as (
            update operations_audit
            set result = jsonb_build_object('state', cancelled.state, 'seen', seen, 'missing', missing, 'fed', fed)
            from cancelled
            where run_id = cancelled.id
              and result is null
        )
        select *
        from cancelled
        """;

    /// <summary>Queues a run for an account, or for all that are connected, and records who asked for it unless it is a dry run.</summary>
    /// <param name="account">The account; null for all.</param>
    /// <param name="since">The beginning; null for that of the account itself.</param>
    /// <param name="isDryRun">Whether nothing is to be fed.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>The runs; none when there is no such account.</returns>
    public async Task<List<Reconciliation>> AddAsync(AccountId? account, DateTimeOffset? since, bool isDryRun, string actor, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = (object?)account?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = isDryRun });
        command.Parameters.Add(new() { Value = (object?)since?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = actor });
        command.Parameters.Add(new() { Value = options.Value.Margin });
        command.Parameters.Add(new() { Value = options.Value.ShortestRange });
        command.Parameters.Add(new() { Value = options.Value.LongestRange });
        return await ReadAsync(command, Reconciliation.Read, cancellationToken);
    }

    /// <summary>A page of the runs, newest first.</summary>
    /// <param name="account">Only runs of this account.</param>
    /// <param name="page">The part that is asked for.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<Page<Reconciliation>> ListAsync(AccountId? account, PageQuery page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(List);
        RunPosition.AddTo(command, page, RunList);
        command.Parameters.Add(new() { Value = (object?)account?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = page.Size + 1 });
        var runs = await ReadAsync(command, Reconciliation.Read, cancellationToken);
        return Page.Of(runs, page.Size, last => RunPosition.CursorOf(RunList, last.RequestedAt, last.Id));
    }

    /// <summary>A run; null when there is none with this id.</summary>
    public async Task<Reconciliation?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, Reconciliation.Read, cancellationToken)).SingleOrDefault();
    }

    /// <summary>A page of the mails that were missing, in the order in which they were found.</summary>
    public async Task<Page<MissingMail>> ListMailsAsync(Guid id, PageQuery page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ListMails);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = page.Position<MailPosition>(MailList)?.Id ?? 0 });
        command.Parameters.Add(new() { Value = page.Size + 1 });
        var mails = await ReadAsync(command, row => (Id: row.GetInt64(0), Mail: ReadMail(row)), cancellationToken);
        var (items, next) = Page.Of(mails, page.Size, last => Cursor.Encode(MailList, new MailPosition(last.Id)));
        return new Page<MissingMail>([.. items.Select(item => item.Mail)], next);
    }

    /// <summary>Ends a run, and records who did; one that has ended stays as it is.</summary>
    /// <returns>The run; null when there is none with this id.</returns>
    public async Task<Reconciliation?> CancelAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Cancel, connection) { Parameters = { new() { Value = id } } };
        if (await ReadAsync(command, Reconciliation.Read, cancellationToken) is [var cancelled])
        {
            await OperationsAudit.AppendAsync(
                connection, actor, OperationAction.CancelReconciliation, new { id }, id, new { cancelled.State, cancelled.Seen, cancelled.Missing, cancelled.Fed }, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return cancelled;
        }

        await transaction.RollbackAsync(cancellationToken);
        return await FindAsync(id, cancellationToken);
    }

    private static MissingMail ReadMail(NpgsqlDataReader row) => new(
        row.GetString(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        row.GetString(5),
        row.GetBoolean(6));

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }

    private sealed record MailPosition(long Id);
}
