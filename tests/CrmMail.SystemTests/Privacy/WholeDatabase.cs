using Npgsql;

namespace CrmMail.SystemTests.Privacy;

/// <summary>Looks for a person in every row of every table.</summary>
internal static class WholeDatabase
{
    public static async Task AssertNobodyKnowsAsync(NpgsqlDataSource database, params string[] names)
    {
        var tables = await ReadAsync(database, "select string_agg(table_name, ',') from information_schema.tables where table_schema = 'public'");
        foreach (var table in tables.Split(','))
        {
            var rows = await ReadAsync(database, $"select coalesce(string_agg({table}::text, chr(10)), '') from {table}");
            Assert.All(names, name => Assert.DoesNotContain(name, rows, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static async Task<string> ReadAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
