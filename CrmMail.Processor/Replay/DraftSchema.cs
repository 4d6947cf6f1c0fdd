using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Replay;

/// <summary>
/// Tables of a run's own, in a schema of the database beside the real ones, and made like them: with its name in front on the search path,
/// the statements of the live Processor write there. What nobody replays, such as contacts, is the same for both.
/// </summary>
internal sealed class DraftSchema(NpgsqlDataSource database)
{
    private const string Name = "{draft}";

    private const string EndedRuns = """
        select nspname, replay_runs.id
        from pg_namespace
        join replay_runs on nspname = 'replay_' || replace(replay_runs.id::text, '-', '')
        where replay_runs.state not in ('queued', 'running')
        """;

    private readonly string _create = SqlFile.Read("create_draft");

    /// <summary>Makes the tables, in the transaction of the connection.</summary>
    public async Task CreateAsync(NpgsqlConnection connection, Guid run, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_create.Replace(Name, NameOf(run), StringComparison.Ordinal), connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>From here on to the end of the transaction, the tables are the draft's.</summary>
    public static async Task UseAsync(NpgsqlConnection connection, Guid run, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"set local search_path = {NameOf(run)}, public", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes the tables of runs that have ended. A worker that is still about to end keeps them until the next time.</summary>
    public async Task DropEndedAsync(CancellationToken cancellationToken)
    {
        foreach (var name in await FindEndedAsync(cancellationToken))
        {
            try
            {
                await using var batch = database.CreateBatch();
                batch.BatchCommands.Add(new("set local lock_timeout = '500ms'"));
                batch.BatchCommands.Add(new($"drop schema if exists {name} cascade"));
                await batch.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException inUse) when (inUse.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                return;
            }
        }
    }

    private async Task<List<string>> FindEndedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(EndedRuns);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await row.ReadAsync(cancellationToken))
        {
            names.Add(NameOf(row.GetGuid(1)));
        }

        return names;
    }

    private static string NameOf(Guid run) => $"replay_{run:n}";
}
