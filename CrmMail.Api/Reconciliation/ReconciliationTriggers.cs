using Microsoft.Extensions.Options;
using Npgsql;

namespace CrmMail.Api.Reconciliation;

/// <summary>
/// Queues runs that nobody asks for: of an account that EmailEngine had lost, and of all accounts after Ingest took no webhooks for too long.
/// Every Api looks; the unique keys let the first one queue each run, also when all of them were down meanwhile.
/// </summary>
internal sealed partial class ReconciliationTriggers(
    NpgsqlDataSource database, IOptions<ReconciliationOptions> options, TimeProvider time, ILogger<ReconciliationTriggers> logger) : BackgroundService
{
    /// <summary>
    /// The last error of an account stays when the connection is back, so there was one if the state came after the error. It may have begun
    /// before the last error: hence the shortest range.
    /// </summary>
    private const string AfterReconnections = $"""
        with added as (
            insert into reconciliations (id, account_id, cause, since, triggered_at, requested_by, resume_at)
            select
                gen_random_uuid(), id, 'reconnected',
                greatest(least(last_error_at - $1, now() - $2), {ReconciliationSql.ConnectedSince}, now() - $3),
                last_error_at, 'system', now() + $4
            from accounts
            where accounts.state = 'connected'
              and {ReconciliationSql.IsLive}
              and last_error_at < state_since
              and last_error_at > greatest({ReconciliationSql.ConnectedSince}, now() - $3)
            on conflict (account_id, cause, triggered_at) do nothing
            returning id, account_id, cause, is_dry_run, since, requested_by
        ), {ReconciliationSql.Audit}
        select count(*)
        from added
        """;

    /// <summary>An outage is over when somebody's heart beats again. It began when the last beat of all before was heard.</summary>
    private const string AfterOutages = $"""
        with pauses as (
            select began_at as ended_at, max(beat_at) over (order by began_at rows between unbounded preceding and 1 preceding) as began_at
            from ingest_heartbeats
        ), outages as (
            insert into ingest_outages (began_at, ended_at)
            select began_at, ended_at
            from pauses
            where ended_at - began_at > $5
            on conflict (began_at) do nothing
            returning began_at
        ), added as (
            insert into reconciliations (id, account_id, cause, since, triggered_at, requested_by, resume_at)
            select
                gen_random_uuid(), id, 'ingest-outage',
                greatest(least(began_at - $1, now() - $2), {ReconciliationSql.ConnectedSince}, now() - $3),
                began_at, 'system', now() + $4
            from outages
            cross join accounts
            where {ReconciliationSql.IsLive}
            on conflict (account_id, cause, triggered_at) do nothing
            returning id, account_id, cause, is_dry_run, since, requested_by
        ), {ReconciliationSql.Audit}
        select count(*)
        from added
        """;

    // What a trigger looks at is never older than the longest range, so that nothing is queued again.
    private const string DeleteOld = """
        delete from reconciliations
        where ended_at < now() - interval '30 days';

        delete from ingest_heartbeats
        where beat_at < now() - interval '30 days'
          and beat_at < (select max(beat_at) from ingest_heartbeats)
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ScanInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ScanAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                LogDatabaseUnavailable(exception);
            }
        }
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        var reconnected = await QueueAsync(AfterReconnections, [], cancellationToken);
        var missed = await QueueAsync(AfterOutages, [options.Value.OutageAfter], cancellationToken);
        if (reconnected + missed > 0)
        {
            LogQueued(reconnected, missed);
        }

        await using var delete = database.CreateCommand(DeleteOld);
        await delete.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<long> QueueAsync(string sql, TimeSpan[] more, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        await using var command = database.CreateCommand(sql);
        foreach (var value in (TimeSpan[])[settings.Margin, settings.ShortestRange, settings.LongestRange, settings.SettleTime, .. more])
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(450, LogLevel.Warning, "Mailboxes will be compared: {Reconnected} that were disconnected, {Missed} whose webhooks Ingest may have missed.")]
    private partial void LogQueued(long reconnected, long missed);

    [LoggerMessage(451, LogLevel.Warning, "Nobody looks for outages while the database does not answer.")]
    private partial void LogDatabaseUnavailable(Exception exception);
}
