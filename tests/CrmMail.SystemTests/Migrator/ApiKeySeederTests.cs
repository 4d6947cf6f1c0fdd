using CrmMail.Contracts;
using CrmMail.Migrator.ApiKeys;
using CrmMail.SystemTests.Schema;
using Microsoft.Extensions.Options;

namespace CrmMail.SystemTests.Migrator;

public sealed class ApiKeySeederTests(RunningApplication system)
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_initial_key_is_stored_once_by_its_hash_and_never_itself()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync(Cancel);
        var log = new LineLogger<ApiKeySeeder>();
        await SeedAsync(database, Key, log);
        await SeedAsync(database, Key, log);

        Assert.Equal(1, await database.QueryAsync<long>("select count(*) from api_keys", Cancel));
        Assert.Equal(ApiKeyHash.Of(Key), await database.QueryAsync<byte[]>("select sha256 from api_keys", Cancel));
        Assert.Equal(["crm", "ops"], await database.QueryAsync<string[]>("select scopes from api_keys", Cancel));
        Assert.Equal(["Information: Stored the initial API key"], log.Lines);
        Assert.DoesNotContain(Key, await database.QueryAsync<string>("select api_keys::text from api_keys", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_revoked_stays_revoked()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync(Cancel);
        await SeedAsync(database, Key, new());
        await database.ExecuteAsync("update api_keys set revoked_at = now()", Cancel);
        await SeedAsync(database, Key, new());
        Assert.Equal(1, await database.QueryAsync<long>("select count(*) from api_keys where revoked_at is not null", Cancel));
    }

    [Fact]
    public async Task Without_an_initial_key_there_is_none()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync(Cancel);
        await SeedAsync(database, null, new());
        Assert.Equal(0, await database.QueryAsync<long>("select count(*) from api_keys", Cancel));
    }

    private static Task SeedAsync(ScratchDatabase database, string? key, LineLogger<ApiKeySeeder> log) =>
        new ApiKeySeeder(database.DataSource, Options.Create(new ApiKeyOptions { Initial = key }), log).SeedAsync(Cancel);
}
