using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>Creates the databases of a server.</summary>
internal static class PostgresDatabase
{
    public static async Task CreateIfAbsentAsync(PostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        var connectionString = await ((IResourceWithConnectionString)database.Parent).GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
        await using var server = NpgsqlDataSource.Create(connectionString!);

        await using var find = server.CreateCommand("SELECT 1 FROM pg_database WHERE datname = $1");
        find.Parameters.Add(new() { Value = database.DatabaseName });
        if (await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null)
        {
            return;
        }

        var name = new NpgsqlCommandBuilder().QuoteIdentifier(database.DatabaseName);
        await using var create = server.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
