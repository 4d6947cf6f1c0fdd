using System.Data;
using Npgsql;

namespace CrmMail.Processor.Database;

/// <summary>A lock of PostgreSQL by which one Processor at a time does a kind of work. It is that of a connection: when that is lost, so is the lock.</summary>
internal sealed class WorkLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly long _key;

    private WorkLock(NpgsqlConnection connection, long key) => (_connection, _key) = (connection, key);

    /// <param name="connection">Whose lock it is.</param>
    /// <param name="key">The kind of work.</param>
    /// <param name="isThereWork">A condition of SQL.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>Null when there is nothing to do, or another Processor does it.</returns>
    public static async Task<WorkLock?> TryTakeAsync(NpgsqlConnection connection, long key, string isThereWork, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select ({isThereWork}) and pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = key } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true ? new WorkLock(connection, key) : null;
    }

    /// <summary>Lets another one work.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection.State == ConnectionState.Open)
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock($1)", _connection) { Parameters = { new() { Value = _key } } };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
