using Npgsql;

namespace CrmMail.Processor.Merging;

/// <summary>Statements over one connection.</summary>
internal readonly struct Statements(NpgsqlConnection connection, CancellationToken cancellationToken)
{
    /// <summary>Tells the planner how small the tables of a page are: it would read whole tables to join them otherwise.</summary>
    public const string AnalyzePage = "analyze moving, touched";

    // Every writer of an account takes its row first, in one order: see lock_accounts.sql.
    private const string LockAccounts = "select from accounts where id = any ($1) order by id for no key update";

    /// <returns>How many rows were written.</returns>
    public async Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes the accounts before anything of theirs is read or written.</summary>
    public Task LockAccountsAsync(string[] accounts) => ExecuteAsync(LockAccounts, new NpgsqlParameter { Value = accounts });
}
