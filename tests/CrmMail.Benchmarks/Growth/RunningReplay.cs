using Npgsql;

namespace CrmMail.Benchmarks.Growth;

/// <summary>A replay of everything, ordered as the Api orders it.</summary>
internal static class RunningReplay
{
    /// <returns>Records a second, by the times that the run has kept.</returns>
    /// <exception cref="InvalidOperationException">The run failed.</exception>
    public static async Task<double> MeasureAsync(NpgsqlDataSource database, string mode, long records, CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7();
        await using var order = database.CreateCommand(
            """
            insert into replay_runs (id, mode, previews, request, requested_by, pause_at_lag_seconds)
            values ($1, $2, 'fill', '{}', 'benchmark', 3600)
            """);
        order.Parameters.Add(new() { Value = run });
        order.Parameters.Add(new() { Value = mode });
        await order.ExecuteNonQueryAsync(cancellationToken);

        await using var look = database.CreateCommand(
            "select extract(epoch from ended_at - started_at)::float8, state, error from replay_runs where id = $1 and ended_at is not null");
        look.Parameters.Add(new() { Value = run });
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            await using (var row = await look.ExecuteReaderAsync(cancellationToken))
            {
                if (await row.ReadAsync(cancellationToken))
                {
                    return row.GetString(1) == "completed" ? records / row.GetDouble(0) : throw new InvalidOperationException($"The replay ended as {row.GetString(1)}: {row[2]}");
                }
            }

            await often.WaitForNextTickAsync(cancellationToken);
        }
    }
}
