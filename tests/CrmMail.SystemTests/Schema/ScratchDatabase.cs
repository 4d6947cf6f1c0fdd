using CrmMail.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmMail.SystemTests.Schema;

/// <summary>An empty database of one test, beside the one of the running system.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private ScratchDatabase(string server, string name)
    {
        _server = server;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<ScratchDatabase> CreateAsync(RunningApplication system, CancellationToken cancellationToken)
    {
        var server = (await system.Application.GetConnectionStringAsync("postgres", cancellationToken))!;
        var name = $"test_{Guid.NewGuid():n}";
        await using var connections = NpgsqlDataSource.Create(server);
        await using var create = connections.CreateCommand($"create database {name}");
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new ScratchDatabase(server, name);
    }

    public Task MigrateAsync(CancellationToken cancellationToken) => MigrateAsync(SchemaScript.All, cancellationToken);

    public Task MigrateAsync(IReadOnlyList<SchemaScript> scripts, CancellationToken cancellationToken) =>
        new SchemaMigrator(DataSource, NullLogger<SchemaMigrator>.Instance).MigrateAsync(scripts, cancellationToken);

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<T> QueryAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await using var connections = NpgsqlDataSource.Create(_server);
        await using var drop = connections.CreateCommand($"drop database {_name} with (force)");
        await drop.ExecuteNonQueryAsync();
    }
}
