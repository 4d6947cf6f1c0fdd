using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CrmMail.Benchmarks.Suite;
using CrmMail.Contracts;
using CrmMail.SystemTests.Schema;
using Npgsql;

namespace CrmMail.Benchmarks.Growth;

/// <summary>What a page of a timeline takes as mails become more, and the search for the contacts of a batch as contacts do.</summary>
internal static class QuerySection
{
    private const int PageSize = 50;
    private const int Step = 1_000_000;

    // A fifth more than in the small database.
    private static readonly Goal Flat = new(1.2, IsUpper: true);

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (mails, contacts) = options.IsSmoke ? (new[] { 1_000, 2_000 }, 2_000) : (new[] { 10_000, 1_000_000, 10_000_000 }, 1_000_000);
        await using var servers = await BenchServers.StartAsync(partitions: 1, cancellationToken);
        var mail = new GeneratedMail(servers.Database, contacts);
        await mail.PrepareAsync(cancellationToken);

        Figure? fewContacts = null;
        for (var (there, wanted) = (0, contacts / 100); there < contacts; (there, wanted) = (wanted, contacts))
        {
            await mail.AddContactsAsync(there, wanted - 1, cancellationToken);
            await VacuumAsync(servers.Database, cancellationToken);
            var figure = await MeasureAsync(servers.Database, "Contacts of 500 mails, 1,000 addresses", $"{wanted:n0} contacts", ContactSql.Match, [Addresses(wanted)], fewContacts, cancellationToken);
            fewContacts ??= figure;
            yield return figure;
        }

        var fewMails = new Dictionary<string, Figure>();
        var count = 0;
        foreach (var wanted in mails)
        {
            for (; count < wanted; count = Math.Min(count + Step, wanted))
            {
                await mail.AddMailsAsync(count + 1, Math.Min(count + Step, wanted), cancellationToken);
            }

            await VacuumAsync(servers.Database, cancellationToken);
            foreach (var (query, sql, parameters) in Pages())
            {
                var figure = await MeasureAsync(servers.Database, query, $"{wanted:n0} activities", sql, parameters, fewMails.GetValueOrDefault(query), cancellationToken);
                fewMails.TryAdd(query, figure);
                yield return figure;
            }
        }
    }

    private static IEnumerable<(string Query, string Sql, NpgsqlParameter[] Parameters)> Pages()
    {
        NpgsqlParameter contact = new("contact_id", GeneratedMail.BusyContact), account = new("account_id", GeneratedMail.BusyAccount);
        yield return ("Timeline of a contact, first page", TimelineSql.ContactPage, [contact, .. Keyset(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), long.MaxValue)]);
        yield return ("Timeline of a contact, among its oldest mails", TimelineSql.ContactPage, [contact.Clone(), .. Keyset(GeneratedMail.Minute(800), 800)]);
        yield return ("Timeline of an account, first page", TimelineSql.AccountPage, [account, .. Keyset(DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), long.MaxValue)]);
    }

    private static NpgsqlParameter[] Keyset(DateTime occurredAt, long id) => [new("before_occurred_at", occurredAt), new("before_id", id), new("limit", PageSize)];

    private static NpgsqlParameter Addresses(int contacts) =>
        new() { Value = Enumerable.Range(0, 1_000).Select(n => string.Create(CultureInfo.InvariantCulture, $"contact-{n * 7919L % contacts}@example.org")).ToArray() };

    /// <summary>The median of many runs with everything in memory, from the command to the last row.</summary>
    private static async Task<Figure> MeasureAsync(
        NpgsqlDataSource database, string query, string size, string sql, NpgsqlParameter[] parameters, Figure? small, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.PrepareAsync(cancellationToken);
        var times = new List<double>();
        for (var run = 0; run < 600; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            {
                while (await rows.ReadAsync(cancellationToken))
                {
                }
            }

            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        // The first runs bring pages into memory and decide for a plan.
        var measured = times[100..];
        measured.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {query}, {size}: {measured[measured.Count / 2]:0.00} ms"));
        return new Figure($"{query}, {size}", measured[measured.Count / 2], "ms") { Against = small, Goal = small is null ? null : Flat };
    }

    private static async Task VacuumAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("vacuum analyze");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
