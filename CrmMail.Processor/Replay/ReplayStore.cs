using System.Text.Json;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Replay;

/// <summary>The rows of the runs. Whoever holds a partition's lease works on it; leases go by the clock of the database.</summary>
internal sealed class ReplayStore(NpgsqlDataSource database)
{
    // By a lock of its own and not on the row, which is to be cancelled at any time.
    private const string NextQueued = """
        select *
        from (
            select id, mode, previews, account_id, event, allow_trimmed, from_time, to_time, from_offsets::text, to_offsets::text, partitions
            from replay_runs
            where state = 'queued'
            order by requested_at, id
            limit 1
        ) as oldest
        where pg_try_advisory_xact_lock(hashtextextended(id::text, 0))
        """;

    private const string InsertPartitions = """
        insert into replay_partitions (run_id, partition, from_offset, to_offset, reaches_end, trimmed, pass, next_offset, is_done)
        select $1, partition, from_offset, to_offset, reaches_end, trimmed, $7, from_offset, from_offset = to_offset
        from unnest($2, $3, $4, $5, $6) as range (partition, from_offset, to_offset, reaches_end, trimmed)
        """;

    private const string Start = "update replay_runs set state = 'running', started_at = now() where id = $1 and state = 'queued'";

    // The oldest run that wants a partition has it until it is through; what drafts say is compared once all of them are complete.
    private const string ClaimNext = """
        with wanted as (
            select part.run_id, part.partition
            from replay_partitions as part
            join replay_runs as run on run.id = part.run_id
            where run.state = 'running'
              and not part.is_done
              and part.owner is null
              and not exists (
                select
                from replay_partitions as other
                join replay_runs as other_run on other_run.id = other.run_id
                where other.partition = part.partition
                  and (other.owner is not null
                    or (other_run.state = 'running' and not other.is_done and (other_run.requested_at, other_run.id) < (run.requested_at, run.id))))
              and (part.pass <> 'compare' or not exists (
                select from replay_partitions as other where other.run_id = part.run_id and other.pass = 'draft' and not other.is_done))
            order by run.requested_at, part.partition
            limit 1
            for update of part skip locked
        )
        update replay_partitions as part
        set owner = $1, leased_until = now() + $2
        from wanted, replay_runs as run
        where part.run_id = wanted.run_id
          and part.partition = wanted.partition
          and run.id = wanted.run_id
        returning
            run.id, run.mode, run.previews, run.account_id, run.event, run.allow_trimmed,
            part.partition, part.pass, part.from_offset, part.to_offset, part.next_offset, part.next_account, run.rate_per_second
        """;

    private const string Renew = """
        update replay_partitions as part
        set leased_until = now() + $2
        from replay_runs as run
        where part.owner = any ($1)
          and run.id = part.run_id
          and run.state = 'running'
        returning
            part.owner,
            run.paused_until > now(),
            run.rate_per_second::float8 / (select count(*) from replay_partitions as active where active.run_id = part.run_id and active.owner is not null)
        """;

    private const string ReleaseExpired = "update replay_partitions set owner = null, leased_until = null where leased_until < now()";

    private const string Release = "update replay_partitions set owner = null, leased_until = null where owner = $1";

    private const string Pause = "update replay_runs set paused_until = now() + $2 where state = 'running' and pause_at_lag_seconds < $1";

    private const string Advance = """
        update replay_partitions
        set pass = coalesce($2, pass),
            next_offset = case when $2 is null then to_offset else from_offset end,
            is_done = $2 is null,
            owner = null,
            leased_until = null
        where owner = $1
        """;

    private const string CompleteRuns = $"""
        with ended as (
            update replay_runs
            set state = 'completed', ended_at = now()
            where state = 'running'
              and not exists (select from replay_partitions where run_id = replay_runs.id and not is_done)
            returning id, state, error
        )
        {ReplaySql.AddResult}
        """;

    private const string FailRun = $"""
        with ended as (
            update replay_runs
            set state = 'failed', ended_at = now(), error = $2
            where id = $1
              and state in ('queued', 'running')
            returning id, state, error
        )
        {ReplaySql.AddResult}
        """;

    /// <summary>Plans the oldest run that waits, unless another Processor is doing so. The run starts when its ranges are written.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> PlanNextAsync(
        Func<RangeRequest, bool, CancellationToken, Task<List<PartitionRange>>> plan, DraftSchema drafts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await FindQueuedAsync(connection, cancellationToken) is not var (run, request))
        {
            return false;
        }

        try
        {
            var ranges = await plan(request, run.AllowTrimmed, cancellationToken);
            if (await ExecuteAsync(connection, Start, cancellationToken, new NpgsqlParameter { Value = run.Id }) == 0)
            {
                // Cancelled meanwhile.
                return true;
            }

            await InsertAsync(connection, run, ranges, cancellationToken);
            if (run.FirstPass == ReplayPass.Draft)
            {
                await drafts.CreateAsync(connection, run.Id, cancellationToken);
            }
        }
        catch (ReplayFailedException failed)
        {
            await ExecuteAsync(connection, FailRun, cancellationToken, new() { Value = run.Id }, new() { Value = failed.Message });
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>A partition to work on; null when there is none at present.</summary>
    public async Task<PartitionWork?> ClaimAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        var owner = Guid.NewGuid();
        await using var command = database.CreateCommand(ClaimNext);
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(new() { Value = lease });
        try
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) ? ReadWork(row, owner) : null;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another Processor was faster, with the same partition of another run.
            return null;
        }
    }

    /// <summary>Keeps the leases of these owners, and says how their runs are to go on. An owner that is absent has nothing any more.</summary>
    public async Task<List<(Guid Owner, bool IsPaused, double? RecordsPerSecond)>> RenewAsync(Guid[] owners, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Renew);
        command.Parameters.Add(new() { Value = owners });
        command.Parameters.Add(new() { Value = lease });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var kept = new List<(Guid, bool, double?)>();
        while (await row.ReadAsync(cancellationToken))
        {
            kept.Add((row.GetGuid(0), row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetDouble(2)));
        }

        return kept;
    }

    /// <summary>The pass of the owner's partition is complete: the next one can be claimed, and null ends the partition.</summary>
    public Task<int> AdvanceAsync(Guid owner, ReplayPass? next, CancellationToken cancellationToken) =>
        ExecuteAsync(Advance, cancellationToken, new() { Value = owner }, new() { Value = (object?)next?.ToText() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });

    /// <summary>Gives a partition back as it is.</summary>
    public Task ReleaseAsync(Guid owner, CancellationToken cancellationToken) => ExecuteAsync(Release, cancellationToken, new NpgsqlParameter { Value = owner });

    /// <summary>Holds all runs that do not bear live events to be so late.</summary>
    public Task PauseAsync(double lagSeconds, TimeSpan pause, CancellationToken cancellationToken) =>
        ExecuteAsync(Pause, cancellationToken, new() { Value = lagSeconds }, new() { Value = pause });

    public Task FailAsync(Guid run, string error, CancellationToken cancellationToken) =>
        ExecuteAsync(FailRun, cancellationToken, new() { Value = run }, new() { Value = error });

    /// <summary>Takes partitions from Processors that are no more, and ends runs of which nothing is left to do.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(ReleaseExpired, cancellationToken);
        await ExecuteAsync(CompleteRuns, cancellationToken);
    }

    private static async Task<(ReplayRun Run, RangeRequest Range)?> FindQueuedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(NextQueued, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (ReadRun(row), ReadRange(row)) : null;
    }

    private static async Task InsertAsync(NpgsqlConnection connection, ReplayRun run, List<PartitionRange> ranges, CancellationToken cancellationToken) =>
        await ExecuteAsync(
            connection,
            InsertPartitions,
            cancellationToken,
            new() { Value = run.Id },
            new() { Value = ranges.Select(range => range.Partition).ToArray() },
            new() { Value = ranges.Select(range => range.From).ToArray() },
            new() { Value = ranges.Select(range => range.To).ToArray() },
            new() { Value = ranges.Select(range => range.ReachesEnd).ToArray() },
            new() { Value = ranges.Select(range => range.Trimmed).ToArray() },
            new() { Value = run.FirstPass.ToText() });

    private static ReplayRun ReadRun(NpgsqlDataReader row) => new(
        row.GetGuid(0), StableText.Parse<ReplayMode>(row.GetString(1)), StableText.Parse<ReplayMode>(row.GetString(2)), new EventFilter(Text(row, 3), Text(row, 4)), row.GetBoolean(5));

    private static RangeRequest ReadRange(NpgsqlDataReader row) => new(
        Time(row, 6), Time(row, 7), Offsets(row, 8), Offsets(row, 9), row.IsDBNull(10) ? null : row.GetFieldValue<int[]>(10));

    private static PartitionWork ReadWork(NpgsqlDataReader row, Guid owner) => new(
        ReadRun(row), row.GetInt32(6), owner, StableText.Parse<ReplayPass>(row.GetString(7)), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetString(11),
        row.IsDBNull(12) ? null : row.GetInt32(12));

    private static Dictionary<int, long> Offsets(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? [] : JsonSerializer.Deserialize<Dictionary<int, long>>(row.GetString(column))!;

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTime? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
