using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Contracts;

/// <summary>
/// Brings a database to the schema of this build. Every script runs in a transaction of its own that first takes one lock, so any number
/// of migrators may start at once: one works, the others wait and then find nothing to do.
/// </summary>
public sealed partial class SchemaMigrator(NpgsqlDataSource database, ILogger<SchemaMigrator> logger)
{
    private const int OldestPostgres = 15;

    // Any number will do, as long as it is always the same and nobody else's: "crm mail" in ASCII.
    private const long AdvisoryLock = 0x63726D206D61696C;

    /// <summary>Applies what is missing of this build's schema.</summary>
    /// <exception cref="SchemaException">PostgreSQL is too old, or the database holds a schema that this build does not know.</exception>
    public Task MigrateAsync(CancellationToken cancellationToken) => MigrateAsync(SchemaScript.All, cancellationToken);

    /// <summary>Applies what is missing of the given scripts, in order.</summary>
    /// <inheritdoc cref="MigrateAsync(CancellationToken)"/>
    public async Task MigrateAsync(IReadOnlyList<SchemaScript> scripts, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (connection.PostgreSqlVersion.Major < OldestPostgres)
        {
            throw new SchemaException($"PostgreSQL {OldestPostgres} or newer is needed, and the server is {connection.ServerVersion}. Use a newer server.");
        }

        while (await ApplyNextAsync(connection, scripts, cancellationToken))
        {
        }

        LogUpToDate(scripts.Count);
    }

    private async Task<bool> ApplyNextAsync(NpgsqlConnection connection, IReadOnlyList<SchemaScript> scripts, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);
        var applied = await ReadAppliedAsync(connection, cancellationToken);
        ThrowUnlessKnown(applied, scripts);
        if (applied.Count == scripts.Count)
        {
            return false;
        }

        var next = scripts[applied.Count];
        await ExecuteAsync(connection, next.Sql, cancellationToken);
        await RecordAsync(connection, next, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogApplied(next.Name);
        return true;
    }

    private static async Task<List<AppliedScript>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string CreateTable = """
            create table if not exists schema_migrations (
                version     integer     primary key,
                name        text        not null,
                checksum    bytea       not null,
                applied_at  timestamptz not null default now()
            )
            """;
        await ExecuteAsync(connection, "set local client_min_messages = warning", cancellationToken);
        await ExecuteAsync(connection, CreateTable, cancellationToken);

        await using var command = new NpgsqlCommand("select version, name, checksum from schema_migrations order by version", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new List<AppliedScript>();
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(new AppliedScript(reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
        }

        return applied;
    }

    private static void ThrowUnlessKnown(List<AppliedScript> applied, IReadOnlyList<SchemaScript> scripts)
    {
        if (applied.Count > scripts.Count)
        {
            throw new SchemaException(
                $"The database is at schema version {applied[^1].Version} ({applied[^1].Name}), and this build knows {scripts.Count}. Deploy the newer build.");
        }

        foreach (var (script, known) in applied.Zip(scripts))
        {
            if (script.Version != known.Version || !script.Checksum.AsSpan().SequenceEqual(known.Checksum()))
            {
                throw new SchemaException(
                    $"The schema script {known.Name} is not the {script.Name} that was applied to the database. Restore the applied text, and put the change into a new script.");
            }
        }
    }

    private static async Task RecordAsync(NpgsqlConnection connection, SchemaScript script, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into schema_migrations (version, name, checksum) values ($1, $2, $3)", connection);
        command.Parameters.Add(new() { Value = script.Version });
        command.Parameters.Add(new() { Value = script.Name });
        command.Parameters.Add(new() { Value = script.Checksum(), NpgsqlDbType = NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // No timeout: building an index, or waiting for another migrator, takes as long as it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Information, "Applied {Script}")]
    private partial void LogApplied(string script);

    [LoggerMessage(2, LogLevel.Information, "The schema is at version {Version}")]
    private partial void LogUpToDate(int version);

    private sealed record AppliedScript(int Version, string Name, byte[] Checksum);
}
