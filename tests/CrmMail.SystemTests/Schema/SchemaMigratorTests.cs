using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Schema;

public sealed class SchemaMigratorTests(RunningApplication system)
{
    private static readonly SchemaScript First = new(1, "0001_first.sql", "create table first (id integer); insert into first values (1);");
    private static readonly SchemaScript Second = new(2, "0002_second.sql", "insert into first values (2);");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_schema_of_this_build_is_applied_once()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync(Cancel);
        var applied = await database.QueryAsync<DateTime>("select max(applied_at) from schema_migrations", Cancel);

        await database.MigrateAsync(Cancel);
        Assert.Equal(SchemaScript.All.Select(script => script.Name), await AppliedAsync(database));
        Assert.Equal(applied, await database.QueryAsync<DateTime>("select max(applied_at) from schema_migrations", Cancel));
    }

    [Fact]
    public async Task A_new_script_is_applied_after_the_old_ones()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync([First], Cancel);
        await database.MigrateAsync([First, Second], Cancel);
        Assert.Equal([First.Name, Second.Name], await AppliedAsync(database));
        Assert.Equal(2, await database.QueryAsync<long>("select count(*) from first", Cancel));
    }

    [Fact]
    public async Task Of_migrators_that_start_together_one_works_and_all_succeed()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        var slow = First with { Sql = First.Sql + "select pg_sleep(0.3);" };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.MigrateAsync([slow, Second], Cancel)));
        Assert.Equal(2, await database.QueryAsync<long>("select count(*) from first", Cancel));
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_behind_and_can_be_mended()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        var broken = Second with { Sql = Second.Sql + "insert into nowhere values (1);" };
        await Assert.ThrowsAsync<PostgresException>(() => database.MigrateAsync([First, broken], Cancel));
        Assert.Equal([First.Name], await AppliedAsync(database));
        Assert.Equal(1, await database.QueryAsync<long>("select count(*) from first", Cancel));

        await database.MigrateAsync([First, Second], Cancel);
        Assert.Equal(2, await database.QueryAsync<long>("select count(*) from first", Cancel));
    }

    [Fact]
    public async Task A_script_that_was_changed_after_it_was_applied_stops_with_one_line()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync([First], Cancel);
        var changed = First with { Sql = First.Sql + " -- better" };
        var error = await Assert.ThrowsAsync<SchemaException>(() => database.MigrateAsync([changed, Second], Cancel));
        Assert.Equal(
            "The schema script 0001_first.sql is not the 0001_first.sql that was applied to the database. Restore the applied text, and put the change into a new script.",
            error.Message);
        Assert.Equal([First.Name], await AppliedAsync(database));
    }

    [Fact]
    public async Task A_schema_newer_than_the_build_stops_with_one_line()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync([First, Second], Cancel);
        var error = await Assert.ThrowsAsync<SchemaException>(() => database.MigrateAsync([First], Cancel));
        Assert.Equal("The database is at schema version 2 (0002_second.sql), and this build knows 1. Deploy the newer build.", error.Message);
    }

    private static async Task<string[]> AppliedAsync(ScratchDatabase database) =>
        await database.QueryAsync<string[]>("select array_agg(name order by version) from schema_migrations", Cancel);
}
