using CrmMail.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmMail.Benchmarks.Replay;

/// <summary>A database of one measurement.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private BenchmarkDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<BenchmarkDatabase> CreateAsync(string server)
    {
        var name = $"benchmark_{Guid.NewGuid():n}";
        await ExecuteAsync(server, $"create database {name}");
        var database = new BenchmarkDatabase(server, name);
        await new SchemaMigrator(database.DataSource, NullLogger<SchemaMigrator>.Instance).MigrateAsync(SchemaScript.All, CancellationToken.None);
        return database;
    }

    /// <summary>As if the database had been restored to before the mails.</summary>
    public async Task ForgetMailAsync()
    {
        await using var command = DataSource.CreateCommand(
            "truncate accounts, account_addresses, activities, message_keys, timeline_entries, activity_contacts, skipped_events, delivery_reports, address_ledger, thread_links cascade");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await ExecuteAsync(_server, $"drop database {_name} with (force)");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connections = NpgsqlDataSource.Create(server);
        await using var command = connections.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
