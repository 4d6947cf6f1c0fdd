using System.Diagnostics;
using Npgsql;

namespace CrmMail.FaultTests.Invariants;

/// <summary>A replay of all events, as the Api would ask the Processors for it.</summary>
internal sealed class WholeReplay(NpgsqlDataSource database)
{
    public const string Verify = "verify";
    public const string Rebuild = "rebuild";

    /// <summary>Runs it to its end.</summary>
    /// <param name="mode"><see cref="Verify"/> of a rebuild, or the <see cref="Rebuild"/> itself.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many records it read, and what it changed or would change.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    /// <exception cref="TimeoutException">It takes longer than it may.</exception>
    public async Task<(long Records, List<string> Changes)> RunAsync(string mode, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var run = await StartAsync(mode, cancellationToken);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var begin = Stopwatch.GetTimestamp();
        string state;
        while ((state = await ReadStateAsync(run, cancellationToken)) is "queued" or "running")
        {
            if (Stopwatch.GetElapsedTime(begin) > deadline)
            {
                throw new TimeoutException($"The replay to {mode} is {state} after {deadline.TotalSeconds:0} s, {await CountRecordsAsync(run, cancellationToken)} records are done.");
            }

            await often.WaitForNextTickAsync(cancellationToken);
        }

        return state == "completed"
            ? (await CountRecordsAsync(run, cancellationToken), await ReadChangesAsync(run, cancellationToken))
            : throw new InvalidOperationException($"The replay to {mode} ended as {state}.");
    }

    private async Task<Guid> StartAsync(string mode, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            insert into replay_runs (id, mode, previews, request, requested_by, from_offsets, to_offsets, pause_at_lag_seconds)
            values (gen_random_uuid(), $1, 'rebuild', '{}', 'fault-tests', '{}', '{}', 3600)
            returning id
            """);
        command.Parameters.Add(new() { Value = mode });
        return (Guid)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<string> ReadStateAsync(Guid run, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select concat_ws(': ', state, error) from replay_runs where id = $1");
        command.Parameters.Add(new() { Value = run });
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<long> CountRecordsAsync(Guid run, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select coalesce(sum(to_offset - from_offset), 0)::bigint from replay_partitions where run_id = $1 and is_done");
        command.Parameters.Add(new() { Value = run });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<List<string>> ReadChangesAsync(Guid run, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select concat_ws(' ', kind, account_id, event_id, partition || '/' || "offset", reason) from replay_changes where run_id = $1
            union all
            select format('partition %s: %s added, %s changed, %s moved, %s removed', partition, added, changed, moved, removed)
            from replay_partitions
            where run_id = $1 and added + changed + moved + removed > 0
            """);
        command.Parameters.Add(new() { Value = run });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var changes = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(reader.GetString(0));
        }

        return changes;
    }
}
