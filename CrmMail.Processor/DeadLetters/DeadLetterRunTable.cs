using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.Database;
using CrmMail.Processor.Runs;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.DeadLetters;

/// <summary>
/// The runs over dead letters, for the one Processor whose connection holds the lock. Everything it writes goes over that connection: when
/// it is lost, so is the lock, and nothing more is written.
/// </summary>
internal sealed class DeadLetterRunTable(NpgsqlConnection connection) : IRunTable<DeadLetterRun>
{
    // "dead run" in ASCII.
    private const long Lock = 0x646561642072756E;

    private const string IsThereWork = "exists (select from dead_letter_runs where state in ('queued', 'running'))";

    private static readonly string Take = SqlFile.Read("take_dead_letter_run");
    private static readonly string Record = SqlFile.Read("record_dead_letter_results");
    private static readonly string End = SqlFile.Read("end_dead_letter_run");

    /// <inheritdoc/>
    public Task<WorkLock?> TryLockAsync(CancellationToken cancellationToken) => WorkLock.TryTakeAsync(connection, Lock, IsThereWork, cancellationToken);

    /// <inheritdoc/>
    public async Task<DeadLetterRun?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Take, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new DeadLetterRun(
                row.GetGuid(0),
                StableText.Parse<DeadLetterAction>(row.GetString(1)),
                JsonSerializer.Deserialize(row.GetString(2), DeadLetterRunJson.Default.DeadLetterRunRequest)!,
                row.GetString(3),
                row.GetInt64(4),
                row.GetInt64(5))
            : null;
    }

    /// <summary>The next letters of the run that it has not handled.</summary>
    /// <param name="run">The run.</param>
    /// <param name="afterId">Only letters after this one.</param>
    /// <param name="limit">The most letters.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<List<DeadLetterPointer>> ReadAsync(DeadLetterRun run, long afterId, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        command.CommandText = $"""
            select {DeadLetterPointer.Columns}
            from dead_letters
            where {DeadLetterSql.WhereTaken(run.Action, run.Request, command)}
              and id > @after
              and id <= @max
              and not exists (select from dead_letter_run_results where run_id = @run and dead_letter_id = id)
            order by id
            limit @limit
            """;
        command.Parameters.Add(new("after", afterId));
        command.Parameters.Add(new("max", run.MaxId));
        command.Parameters.Add(new("run", run.Id));
        command.Parameters.Add(new("limit", limit));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var letters = new List<DeadLetterPointer>();
        while (await row.ReadAsync(cancellationToken))
        {
            letters.Add(DeadLetterPointer.Read(row));
        }

        return letters;
    }

    /// <summary>Writes what was done with these letters.</summary>
    /// <returns>False when somebody has cancelled the run.</returns>
    public async Task<bool> RecordAsync(DeadLetterRun run, long[] letters, DeadLetterResult[] results, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Record, connection);
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = letters });
        command.Parameters.Add(new() { Value = Array.ConvertAll(results, static result => result.ToText()) });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task EndAsync(DeadLetterRun run, RunState state, string? error, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(End, connection);
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = state.ToText() });
        command.Parameters.Add(new() { Value = (object?)error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
