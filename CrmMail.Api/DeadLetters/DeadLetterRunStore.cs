using System.Text.Json;
using CrmMail.Api.Operations;
using CrmMail.Api.Pages;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.DeadLetters;

/// <summary>The table <c>dead_letter_runs</c>: what is to be done with dead letters. The Processor does it.</summary>
internal sealed class DeadLetterRunStore(NpgsqlDataSource database)
{
    private const string ListName = "dead-letter-runs";

    private const string Insert = $"""
        insert into dead_letter_runs (id, action, request, requested_by, max_id, total)
        values ($1, $2, $3, $4, $5, $6)
        returning {DeadLetterRun.Columns}
        """;

    private const string List = $"""
        select {DeadLetterRun.Columns}
        from dead_letter_runs
        where (requested_at, id) < ($1, $2)
        order by requested_at desc, id desc
        limit $3
        """;

    private const string Find = $"select {DeadLetterRun.Columns} from dead_letter_runs where id = $1";

    // Of a run that was queued nobody else tells the audit what came of it.
    private const string Cancel = $"""
        with cancelled as (
            update dead_letter_runs
            set state = 'cancelled', ended_at = now()
            where id = $1
              and state in ('queued', 'running')
            returning {DeadLetterRun.Columns}
        ), told as (
            update operations_audit
            set result = jsonb_build_object('state', cancelled.state, 'total', total, 'done', done, 'failed', failed)
            from cancelled
            where run_id = cancelled.id
              and result is null
        )
        select * from cancelled
        """;

    /// <summary>What the order would do.</summary>
    public async Task<DeadLetterPlan> PlanAsync(DeadLetterAction action, DeadLetterRunRequest request, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        command.CommandText = $"""
            select reason, count(*), count(*) filter (where {DeadLetterSql.IsNotWithheld})
            from dead_letters
            where {DeadLetterSql.Where(request.Filter, command)}
            group by reason
            order by count(*) desc, reason
            """;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var byReason = new List<ReasonCount>();
        var (matches, free) = (0L, 0L);
        while (await row.ReadAsync(cancellationToken))
        {
            byReason.Add(new ReasonCount(row.GetString(0), row.GetInt64(1)));
            matches += row.GetInt64(1);
            free += row.GetInt64(2);
        }

        var withheld = action == DeadLetterAction.Discard || request.Force ? 0 : matches - free;
        return new DeadLetterPlan(false, matches, Math.Min(matches - withheld, request.Limit ?? long.MaxValue), withheld, byReason);
    }

    /// <summary>Queues a run over the letters that there are now, and records who asked for it.</summary>
    public async Task<DeadLetterRun> AddAsync(DeadLetterAction action, DeadLetterRunRequest request, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (total, maxId) = await CountAsync(connection, action, request, cancellationToken);
        await using var insert = new NpgsqlCommand(Insert, connection);
        insert.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        insert.Parameters.Add(new() { Value = action.ToText() });
        insert.Parameters.Add(new() { Value = JsonSerializer.Serialize(request, DeadLetterRunJson.Default.DeadLetterRunRequest), NpgsqlDbType = NpgsqlDbType.Jsonb });
        insert.Parameters.Add(new() { Value = actor });
        insert.Parameters.Add(new() { Value = maxId });
        insert.Parameters.Add(new() { Value = Math.Min(total, request.Limit ?? long.MaxValue) });
        var run = (await ReadOneAsync(insert, cancellationToken))!;
        var asked = action == DeadLetterAction.Requeue ? OperationAction.RequeueDeadLetters : OperationAction.DiscardDeadLetters;
        await OperationsAudit.AppendAsync(connection, actor, asked, request, run.Id, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return run;
    }

    /// <summary>A page of the runs, newest first.</summary>
    public async Task<Page<DeadLetterRun>> ListAsync(PageQuery page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(List);
        RunPosition.AddTo(command, page, ListName);
        command.Parameters.Add(new() { Value = page.Size + 1 });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new List<DeadLetterRun>();
        while (await row.ReadAsync(cancellationToken))
        {
            runs.Add(DeadLetterRun.Read(row));
        }

        return Page.Of(runs, page.Size, last => RunPosition.CursorOf(ListName, last.RequestedAt, last.Id));
    }

    /// <summary>A run; null when there is none with this id.</summary>
    public async Task<DeadLetterRun?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = id });
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Ends a run, and records who did; one that has ended stays as it is.</summary>
    /// <returns>The run; null when there is none with this id.</returns>
    public async Task<DeadLetterRun?> CancelAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Cancel, connection);
        command.Parameters.Add(new() { Value = id });
        if (await ReadOneAsync(command, cancellationToken) is { } cancelled)
        {
            await OperationsAudit.AppendAsync(
                connection, actor, OperationAction.CancelDeadLetterRun, new { id }, id, new { cancelled.State, cancelled.Done, cancelled.Failed }, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return cancelled;
        }

        await transaction.RollbackAsync(cancellationToken);
        return await FindAsync(id, cancellationToken);
    }

    private static async Task<(long Total, long MaxId)> CountAsync(
        NpgsqlConnection connection, DeadLetterAction action, DeadLetterRunRequest request, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        command.CommandText = $"select count(*), coalesce(max(id), 0) from dead_letters where {DeadLetterSql.WhereTaken(action, request, command)}";
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static async Task<DeadLetterRun?> ReadOneAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? DeadLetterRun.Read(row) : null;
    }
}
