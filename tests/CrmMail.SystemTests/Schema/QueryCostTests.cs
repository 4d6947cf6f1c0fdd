using System.Globalization;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Schema;

/// <summary>What the hot queries read, counted by PostgreSQL itself, in a small database and in a large one.</summary>
public sealed class QueryCostTests(RunningApplication system)
{
    private const int Contacts = 20_000;
    private const int Small = 10_000;
    private const int Large = 300_000;
    private const int PageSize = 50;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cost_of_a_query_does_not_grow_with_the_number_of_activities()
    {
        await using var database = await ScratchDatabase.CreateAsync(system, Cancel);
        await database.MigrateAsync(Cancel);
        await GenerateContactsAsync(database);

        await GenerateActivitiesAsync(database, from: 1, to: Small);
        var small = await MeasureAsync(database);
        await GenerateActivitiesAsync(database, from: Small + 1, to: Large);
        var large = await MeasureAsync(database);

        foreach (var (query, before) in small)
        {
            var after = large[query];
            Report($"{query}: {Small} activities {before}; {Large} activities {after}");
            Assert.False(after.ReadsWholeTable, $"{query} reads a whole table: {after.Json}");
            Assert.InRange(after.Rows, before.Rows * 0.8, before.Rows * 1.2);
            // A B-tree gets a level for about every three hundredfold growth: one page more for each descent, and that is all.
            Assert.InRange(after.Pages, 1, (before.Pages + before.Descents) * 1.05);
        }
    }

    private static async Task<Dictionary<string, QueryPlan>> MeasureAsync(ScratchDatabase database)
    {
        await database.ExecuteAsync("vacuum analyze", Cancel);
        return new()
        {
            ["first page of a contact"] = await ExplainAsync(database, TimelineSql.ContactPage, [new("contact_id", Contact(0)), .. Keyset(DateTime.MaxValue, long.MaxValue)]),
            ["later page of a contact"] = await ExplainAsync(database, TimelineSql.ContactPage, [new("contact_id", Contact(0)), .. Keyset(Minute(5_000), 5_000)]),
            ["first page of an account"] = await ExplainAsync(database, TimelineSql.AccountPage, [new("account_id", "account-0"), .. Keyset(DateTime.MaxValue, long.MaxValue)]),
            ["contacts of 500 mails"] = await ExplainAsync(database, ContactSql.Match, [new() { Value = Addresses(1_000) }]),
            ["contacts of 500 unknown mails"] = await ExplainAsync(database, ContactSql.Match, [new() { Value = Addresses(1_000).Select(address => "not-" + address).ToArray() }]),
        };
    }

    /// <summary>The plan that is executed when everything is in memory: the second run counts.</summary>
    private static async Task<QueryPlan> ExplainAsync(ScratchDatabase database, string sql, NpgsqlParameter[] parameters)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand($"explain (analyze, buffers, timing off, format json) {sql}", connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteScalarAsync(Cancel);
        return QueryPlan.Parse((string)(await command.ExecuteScalarAsync(Cancel))!);
    }

    private static NpgsqlParameter[] Keyset(DateTime occurredAt, long id) =>
        [new("before_occurred_at", DateTime.SpecifyKind(occurredAt, DateTimeKind.Utc)), new("before_id", id), new("limit", PageSize)];

    private static Guid Contact(int number) => Guid.Parse($"00000000-0000-7000-8000-{number:x12}");

    private static DateTime Minute(int minute) => new DateTime(2026, 1, 1).AddMinutes(minute);

    private static string[] Addresses(int count) => [.. Enumerable.Range(0, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"contact-{n * 7 % Contacts}@example.org"))];

    private static Task GenerateContactsAsync(ScratchDatabase database) => database.ExecuteAsync($"""
        insert into accounts (id) select 'account-' || n from generate_series(0, 99) as n;

        insert into contacts (id, name)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Contact ' || n
        from generate_series(0, {Contacts - 1}) as n;

        insert into contact_addresses (address, contact_id)
        select 'contact-' || n || '@example.org', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
        from generate_series(0, {Contacts - 1}) as n;
        """, Cancel);

    /// <summary>One activity a minute. Every tenth is with contact 0, who so has pages at any size; the others are spread over all.</summary>
    private static Task GenerateActivitiesAsync(ScratchDatabase database, int from, int to) => database.ExecuteAsync($"""
        -- Foreign keys are not what is measured, and take most of the time.
        set session_replication_role = replica;

        insert into activities (id, account_id, mail_key, direction, subject, snippet, participants, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
        select n, 'account-' || n % 100, sha256(n::text::bytea), 'incoming', 'Subject ' || n, repeat('snippet ', 20), '[]', timestamptz '2026-01-01Z' + n * interval '1 minute', now(),
            'emailengine', 'e-' || n, 'mail.events', 0, n, md5(n::text)
        from generate_series({from}, {to}) as n;

        insert into message_keys (key, account_id, activity_id)
        select mail_key, account_id, id from activities where id between {from} and {to};

        insert into timeline_entries (id, contact_id, mail_key, occurred_at, direction)
        select id, ('00000000-0000-7000-8000-' || lpad(to_hex(case when id % 10 = 0 then 0 else id * 7919 % {Contacts} end), 12, '0'))::uuid, mail_key, occurred_at, direction
        from activities where id between {from} and {to};

        insert into activity_contacts (activity_id, contact_id, role, entry_id)
        select id, contact_id, 'from', id from timeline_entries where id between {from} and {to};

        reset session_replication_role;
        """, Cancel);

    private static void Report(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
