using System.Globalization;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Schema;

/// <summary>What the hot queries read, counted by PostgreSQL itself, in a small database and in a large one.</summary>
/// <remarks>The environment variable <c>QUERY_COST_ACTIVITIES</c> sets how large; docs/timeline-cost.md has the figures of ten million.</remarks>
public sealed class QueryCostTests(RunningApplication system)
{
    private const int Small = 10_000;
    private const int Step = 1_000_000;
    private const int PageSize = 50;
    private const int Runs = 100;

    private static readonly int Large = int.Parse(Environment.GetEnvironmentVariable("QUERY_COST_ACTIVITIES") ?? "300000", CultureInfo.InvariantCulture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cost_of_a_query_does_not_grow_with_the_number_of_activities()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync(Cancel);
        await database.ExecuteAsync("create extension pageinspect", Cancel);
        var mail = new GeneratedMail(database.DataSource);
        await mail.PrepareAsync(Cancel);
        await mail.AddContactsAsync(0, mail.Contacts - 1, Cancel);

        await mail.AddMailsAsync(1, Small, Cancel);
        var small = await MeasureAsync(database, mail.Contacts);
        for (var count = Small; count < Large; count += Step)
        {
            await mail.AddMailsAsync(count + 1, Math.Min(count + Step, Large), Cancel);
        }

        var large = await MeasureAsync(database, mail.Contacts);
        foreach (var (query, before) in small)
        {
            var after = large[query];
            Report($"{query}\n  {Small} activities: {before}\n  {Large} activities: {after}");
            Assert.False(after.Plan.ReadsWholeTable, $"{query} reads a whole table: {after.Plan.Json}");
            Assert.True(after.Plan.Rows <= before.Plan.Rows, $"{query} reads {after.Plan.Rows} rows, not {before.Plan.Rows}: {after.Plan.Json}");
            // The walk may begin at the end of a leaf, and the visibility maps of two tables have more pages than one.
            Assert.True(after.OuterPages <= before.OuterPages + 3, $"{query} reads {after.OuterPages} pages, not {before.OuterPages}: {after.Plan.Json}");
            // With a hundred entries on a page, three levels lead to a hundred million.
            Assert.InRange(after.InnerPages, 0, 3 * after.Plan.Descents);
        }
    }

    private static async Task<Dictionary<string, QueryCost>> MeasureAsync(ScratchDatabase database, int contacts)
    {
        await database.ExecuteAsync("vacuum analyze", Cancel);
        var levels = await ReadLevelsAsync(database);
        var costs = new Dictionary<string, QueryCost>();
        foreach (var (name, sql, parameters) in Queries(contacts))
        {
            costs[name] = QueryCost.Of(await ExplainAsync(database, sql, parameters), levels);
        }

        return costs;
    }

    private static IEnumerable<(string Name, string Sql, NpgsqlParameter[] Parameters)> Queries(int contacts)
    {
        yield return ("first page of a contact", TimelineSql.ContactPage, [OfContact(GeneratedMail.BusyContact), .. First()]);
        yield return ("page among the oldest mails of a contact", TimelineSql.ContactPage, [OfContact(GeneratedMail.BusyContact), .. Deep()]);
        yield return ("first page of mails that two accounts have", TimelineSql.ContactPage, [OfContact(GeneratedMail.SharedContact), .. First()]);
        yield return ("first page of what a contact was sent", TimelineSql.ContactPageByDirection, [OfContact(GeneratedMail.BusyContact), Sent(), .. First()]);
        yield return ("page among the oldest of what a contact was sent", TimelineSql.ContactPageByDirection, [OfContact(GeneratedMail.BusyContact), Sent(), .. Deep()]);
        yield return ("few sent among very many incoming of a contact", TimelineSql.ContactPageByDirection, [OfContact(GeneratedMail.SilentContact), Sent(), .. First()]);
        yield return ("few shown among very many hidden of a contact", TimelineSql.ContactPage, [OfContact(GeneratedMail.SilentContact), .. First()]);
        yield return ("few shown, those of a tag that the contact does not have too", TimelineSql.ContactPageWithTags, [OfContact(GeneratedMail.SilentContact), Include(MailTag.Calendar), .. First()]);
        yield return ("first page with the newsletters", TimelineSql.ContactPageWithTags, [OfContact(GeneratedMail.SilentContact), Include(MailTag.Bulk), .. First()]);
        yield return ("page among the oldest with the newsletters", TimelineSql.ContactPageWithTags, [OfContact(GeneratedMail.SilentContact), Include(MailTag.Bulk), .. Deep()]);
        yield return ("few sent with the newsletters", TimelineSql.ContactPageWithTagsByDirection, [OfContact(GeneratedMail.SilentContact), Include(MailTag.Bulk), Sent(), .. First()]);
        yield return ("first page of an account", TimelineSql.AccountPage, [OfAccount(GeneratedMail.BusyAccount), .. First()]);
        yield return ("page among the oldest mails of an account", TimelineSql.AccountPage, [OfAccount(GeneratedMail.BusyAccount), .. Deep()]);
        yield return ("first page of what an account sent", TimelineSql.AccountPageByDirection, [OfAccount(GeneratedMail.BusyAccount), Sent(), .. First()]);
        yield return ("few sent among very many incoming of an account", TimelineSql.AccountPageByDirection, [OfAccount(GeneratedMail.SilentAccount), Sent(), .. First()]);
        yield return ("contacts of 500 mails", ContactSql.Match, [new() { Value = Addresses(1_000, "contact", contacts) }]);
        yield return ("contacts of 500 unknown mails", ContactSql.Match, [new() { Value = Addresses(1_000, "stranger", contacts) }]);
    }

    private static NpgsqlParameter OfContact(Guid contact) => new("contact_id", contact);

    private static NpgsqlParameter OfAccount(string account) => new("account_id", account);

    private static NpgsqlParameter Sent() => new("direction", Direction.Sent.ToText());

    private static NpgsqlParameter Include(MailTag tag) => new("include", default(MailTags).With(tag).Bits);

    private static NpgsqlParameter[] First() => Keyset(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), long.MaxValue);

    /// <summary>Behind everything but the oldest mails: the farther back the more there is.</summary>
    private static NpgsqlParameter[] Deep() => Keyset(GeneratedMail.Minute(2_000), 2_000);

    private static NpgsqlParameter[] Keyset(DateTime occurredAt, long id) => [new("before_occurred_at", occurredAt), new("before_id", id), new("limit", PageSize)];

    private static string[] Addresses(int count, string name, int contacts) =>
        [.. Enumerable.Range(0, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"{name}-{n * 7 % contacts}@example.org"))];

    /// <summary>Runs the query until everything is in memory, and then as often again.</summary>
    private static async Task<List<QueryPlan>> ExplainAsync(ScratchDatabase database, string sql, NpgsqlParameter[] parameters)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand($"explain (analyze, buffers, timing off, summary, format json) {sql}", connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteScalarAsync(Cancel);
        var runs = new List<QueryPlan>();
        while (runs.Count < Runs)
        {
            runs.Add(QueryPlan.Parse((string)(await command.ExecuteScalarAsync(Cancel))!));
        }

        return runs;
    }

    /// <summary>How many levels each index has above its leaves.</summary>
    private static async Task<Dictionary<string, int>> ReadLevelsAsync(ScratchDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("""
            select pg_class.relname, (bt_metap(pg_class.oid::regclass::text)).level::integer
            from pg_class
            join pg_am on pg_am.oid = pg_class.relam
            where pg_class.relkind = 'i'
              and pg_am.amname = 'btree'
              and pg_class.relnamespace = 'public'::regnamespace
            """);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var levels = new Dictionary<string, int>();
        while (await reader.ReadAsync(Cancel))
        {
            levels[reader.GetString(0)] = reader.GetInt32(1);
        }

        return levels;
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
