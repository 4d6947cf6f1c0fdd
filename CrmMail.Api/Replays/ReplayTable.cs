using System.Text.Json;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Replays;

/// <summary>The tables of the replays, as far as the Api is concerned: it writes requests and reads what the Processors tell.</summary>
internal sealed class ReplayTable(NpgsqlDataSource database)
{
    private const string Insert = """
        insert into replay_runs (
            id, mode, previews, request, requested_by, from_time, to_time, from_offsets, to_offsets, partitions, account_id, event,
            allow_trimmed, rate_per_second, pause_at_lag_seconds)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """;

    private const string Runs = """
        select
            id, mode, case when state = 'running' and paused_until > now() then 'paused' else state end, request::text, requested_by,
            requested_at, started_at, ended_at, error, extract(epoch from coalesce(ended_at, now()) - started_at)::float8
        from replay_runs
        """;

    private const string Partitions = """
        select
            run_id, partition, from_offset, to_offset, next_offset, pass, is_done, owner is not null, trimmed,
            added, changed, moved, removed, unchanged, skipped, dead_letters
        from replay_partitions
        where run_id = any ($1)
        order by partition
        """;

    private const string Cancel = $"""
        with ended as (
            update replay_runs
            set state = 'cancelled', ended_at = now()
            where id = $1
              and state in ('queued', 'running')
            returning id, state, error
        ), told as (
            {ReplaySql.AddResult}
        )
        select exists (select from ended)
        """;

    private const string Changes = """
        select
            change.id, change.kind, change.account_id, change.event_id,
            case when run.mode = 'verify' and change.kind = 'added' then null else change.activity_id end,
            change.partition, change."offset", change.reason
        from replay_changes as change
        join replay_runs as run on run.id = change.run_id
        where change.run_id = $1
          and change.id > $2
          and ($3 is null or change.kind = $3)
        order by change.id
        limit $4
        """;

    /// <summary>Asks for a run, in the transaction of the connection.</summary>
    public static async Task InsertAsync(NpgsqlConnection connection, Guid id, ReplayOrder order, string request, string requestedBy, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = order.Mode.ToText() },
                new() { Value = order.Previews.ToText() },
                new() { Value = request, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = requestedBy },
                Nullable(order.From?.UtcDateTime, NpgsqlDbType.TimestampTz),
                Nullable(order.To?.UtcDateTime, NpgsqlDbType.TimestampTz),
                new() { Value = JsonSerializer.Serialize(order.FromOffsets), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = JsonSerializer.Serialize(order.ToOffsets), NpgsqlDbType = NpgsqlDbType.Jsonb },
                Nullable(order.Partitions, NpgsqlDbType.Array | NpgsqlDbType.Integer),
                Nullable(order.Account?.Value, NpgsqlDbType.Text),
                Nullable(order.Event, NpgsqlDbType.Text),
                new() { Value = order.AllowTrimmed },
                Nullable(order.RatePerSecond, NpgsqlDbType.Integer),
                new() { Value = order.PauseAtLagSeconds },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends a run as it is, in the transaction of the connection; whether it had not ended yet.</summary>
    public static async Task<bool> CancelAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Cancel, connection) { Parameters = { new() { Value = id } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The run; null when there is none.</summary>
    public async Task<ReplayRun?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Runs} where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The runs that were asked for before this one, the latest first.</summary>
    public async Task<List<ReplayRun>> ListAsync(DateTimeOffset? beforeTime, Guid beforeId, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"{Runs} where $1 is null or (requested_at, id) < ($1, $2) order by requested_at desc, id desc limit $3");
        command.Parameters.Add(Nullable(beforeTime?.UtcDateTime, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(new() { Value = beforeId });
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>What a run changed after this change, in the order in which it was found.</summary>
    public async Task<List<(long Id, ReplayChange Change)>> ListChangesAsync(Guid run, ReplayChangeKind? kind, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Changes);
        command.Parameters.Add(new() { Value = run });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(Nullable(kind?.ToText(), NpgsqlDbType.Text));
        command.Parameters.Add(new() { Value = limit });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var changes = new List<(long, ReplayChange)>();
        while (await row.ReadAsync(cancellationToken))
        {
            changes.Add((row.GetInt64(0), new ReplayChange(
                StableText.Parse<ReplayChangeKind>(row.GetString(1)), row.GetString(2), row.GetString(3),
                row.IsDBNull(4) ? null : row.GetInt64(4), row.GetInt32(5), row.GetInt64(6), row.GetString(7))));
        }

        return changes;
    }

    private async Task<List<ReplayRun>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var rows = new List<RunRow>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(RunRow.Read(reader));
            }
        }

        var partitions = await ReadPartitionsAsync([.. rows.Select(row => row.Id)], cancellationToken);
        return rows.ConvertAll(row => row.ToRun([.. partitions[row.Id]]));
    }

    private async Task<ILookup<Guid, PartitionRow>> ReadPartitionsAsync(Guid[] runs, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Partitions);
        command.Parameters.Add(new() { Value = runs });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<PartitionRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(PartitionRow.Read(reader));
        }

        return rows.ToLookup(row => row.RunId);
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
