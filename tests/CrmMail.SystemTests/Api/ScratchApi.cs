using CrmMail.Api.Access;
using CrmMail.Contracts;
using CrmMail.SystemTests.Schema;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace CrmMail.SystemTests.Api;

/// <summary>The whole Api with an empty database of its own, in the process of the test and on a free port.</summary>
internal sealed class ScratchApi : IAsyncDisposable
{
    public const string Key = "a-key-of-a-test-0123456789abcdef";

    /// <summary>The Processor has the same.</summary>
    public const string ErasureKey = "a-key-of-a-test-for-erasures";

    private readonly Factory _api;

    private ScratchApi(ScratchDatabase database, Factory api)
    {
        Database = database;
        _api = api;
        var http = api.CreateClient();
        Address = http.BaseAddress!;
        Client = new ApiClient(http, Key);
    }

    public ScratchDatabase Database { get; }

    /// <summary>May do everything.</summary>
    public ApiClient Client { get; }

    public Uri Address { get; }

    public static async Task<ScratchApi> StartAsync(RunningApplication system, params (string Key, string Value)[] configuration)
    {
        var cancel = TestContext.Current.CancellationToken;
        var database = await ScratchDatabase.CreateAsync(system, cancel);
        await database.MigrateAsync(cancel);
        await using var insert = database.DataSource.CreateCommand("insert into api_keys (sha256, name, scopes) values ($1, 'test', '{crm,ops}')");
        insert.Parameters.Add(new() { Value = ApiKeyHash.Of(Key) });
        await insert.ExecuteNonQueryAsync(cancel);

        var api = new Factory(database.ConnectionString, configuration);
        api.UseKestrel(0);
        api.StartServer();
        return new ScratchApi(database, api);
    }

    /// <summary>Somebody who calls with this key.</summary>
    public ApiClient NewClient(string? key) => new(_api.CreateClient(), key);

    public Task ExecuteAsync(string sql) => Database.ExecuteAsync(sql, TestContext.Current.CancellationToken);

    public Task<T> QueryAsync<T>(string sql) => Database.QueryAsync<T>(sql, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _api.DisposeAsync();
        await Database.DisposeAsync();
    }

    private sealed class Factory(string connectionString, (string Key, string Value)[] configuration) : WebApplicationFactory<ApiKey>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder
                .ConfigureLogging(logging => logging.ClearProviders())
                .UseSetting("ConnectionStrings:crm", connectionString)
                .UseSetting("ConnectionStrings:emailengine", $"Endpoint=http://127.0.0.1:1;Token={new string('0', 64)}")
                .UseSetting("Erasure:Keys:0", ErasureKey)
                .UseSetting("Access:RequestsPerSecond", "1000000")
                .UseSetting("Access:RequestBurst", "1000000");
            foreach (var (key, value) in configuration)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
