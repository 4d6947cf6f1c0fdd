using System.Net;
using System.Net.Sockets;
using CrmMail.SystemTests.Schema;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace CrmMail.SystemTests.Schema;

/// <summary>
/// A PostgreSQL for tests that need no other service: the one that <c>ConnectionStrings__crm</c> names, else a private one from the
/// operating system's package, in a temporary folder and on a free port. Starts when first asked for, and ends with the last test.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private string? _connectionString = Environment.GetEnvironmentVariable("ConnectionStrings__crm");
    private string? _folder;

    /// <summary>Makes an empty database, which lives as long as its data source.</summary>
    internal async Task<ScratchDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            _connectionString ??= await StartAsync(cancellationToken);
        }
        finally
        {
            _starting.Release();
        }

        return await ScratchDatabase.CreateAsync(_connectionString, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _starting.Dispose();
        if (_folder is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await PostgresPackage.RunAsync("pg_ctl", ["stop", "-D", DataFolder, "-m", "immediate"], CancellationToken.None);
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string DataFolder => Path.Combine(_folder!, "data");

    private async Task<string> StartAsync(CancellationToken cancellationToken)
    {
        _folder = Directory.CreateTempSubdirectory("crmmail-postgres-").FullName;
        await PostgresPackage.GiveAsync(_folder, cancellationToken);
        await PostgresPackage.RunAsync("initdb", ["-D", DataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], cancellationToken);

        var port = FreePort();
        var settings = $"-p {port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_wal_size=4GB";
        await PostgresPackage.RunAsync("pg_ctl", ["start", "-D", DataFolder, "-l", Path.Combine(_folder, "log"), "-o", settings], cancellationToken);
        return $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
