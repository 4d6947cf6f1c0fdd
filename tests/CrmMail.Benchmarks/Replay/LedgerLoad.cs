using System.Diagnostics;
using System.Globalization;
using CrmMail.Processor.Ledger;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CrmMail.Benchmarks.Replay;

/// <summary>
/// Measures how soon a contact has its past mail, and what that costs the mail that comes meanwhile: many mails of one address that is nobody's
/// come in, and then a contact is made. With real servers that nobody else uses: an empty Kafka, and a database of its own that is dropped afterwards.
/// </summary>
internal static class LedgerLoad
{
    private const string Usage = "Usage: ledger POSTGRES KAFKA REDIS [MAILS=100000] [PARTITIONS=12] [LIVE=500]";
    private const string Author = "zoe@elsewhere.example";
    private const string LiveAuthor = "ann@elsewhere.example";
    private const string Linked = "select coalesce(sum(incoming_count), 0)::bigint from accounts where id not like 'live-%'";

    public static async Task<int> RunAsync(string[] options)
    {
        if (options.Length < 3)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var (mails, partitions, live) = (Number(options, 3, 100_000), Number(options, 4, 12), Number(options, 5, 500));
        await using var database = await BenchmarkDatabase.CreateAsync(options[0]);
        var records = await MailLoad.ProduceAsync(options[1], Author, mails, partitions);
        using var processor = CreateProcessor(database.ConnectionString, options[1], options[2]);
        var started = Stopwatch.GetTimestamp();
        await processor.StartAsync();
        await database.DataSource.WaitAsync("select coalesce(sum(skipped_count), 0)::bigint from accounts", mails);
        Report($"{records} records without a contact", started);

        await ExecuteAsync(database.DataSource, "analyze");
        await AddContactAsync(database.DataSource, "Ann", LiveAuthor);
        using var end = new CancellationTokenSource();
        var producing = Task.Run(() => MailLoad.ProduceSteadilyAsync(options[1], LiveAuthor, live, end.Token));
        await database.DataSource.WaitAsync("select count(*) from activities", 10L * live);
        await MeasureAsync(database.DataSource, mails, live);
        await end.CancelAsync();
        await producing;
        await processor.StopAsync();
        return 0;
    }

    private static async Task MeasureAsync(NpgsqlDataSource database, int mails, int live)
    {
        var before = await NowAsync(database);
        await database.WaitAsync("select count(*) from activities", 30L * live);
        await ReportLiveAsync(database, "live mail before", before);

        var (started, moment) = (Stopwatch.GetTimestamp(), await NowAsync(database));
        await AddContactAsync(database, "Zoe", Author);
        await database.WaitAsync(Linked, 1);
        Report("the first mails linked", started);
        await database.WaitAsync(Linked, mails);
        Report($"{mails} mails linked", started);
        await ReportLiveAsync(database, "live mail meanwhile", moment);

        (started, moment) = (Stopwatch.GetTimestamp(), await NowAsync(database));
        await ExecuteAsync(database, $"delete from contact_addresses where address = '{Author}'");
        await database.WaitAsync("select 1 - least(1, sum(incoming_count))::bigint from accounts where id not like 'live-%'", 1);
        Report($"{mails} mails unlinked", started);
        await ReportLiveAsync(database, "live mail meanwhile", moment);
    }

    private static Task AddContactAsync(NpgsqlDataSource database, string name, string address) => ExecuteAsync(
        database,
        $"""
        with person as (insert into contacts (id, name) values (gen_random_uuid(), '{name}') returning id)
        insert into contact_addresses (address, contact_id) select '{address}', id from person
        """);

    private static Task<DateTime> NowAsync(NpgsqlDataSource database) => database.ReadAsync<DateTime>("select now()");

    /// <summary>How many live mails were written since, and how long after they came their transaction began.</summary>
    private static async Task ReportLiveAsync(NpgsqlDataSource database, string what, DateTime since) => Console.WriteLine(await database.ReadAsync<string>(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        select format(
            '  %s: %s a second, after %s ms (half of them), %s ms (95 %%), %s ms (99 %%)',
            '{what}',
            round(count(*) / extract(epoch from now() - '{since:O}')),
            round(percentile_cont(0.5) within group (order by late)),
            round(percentile_cont(0.95) within group (order by late)),
            round(percentile_cont(0.99) within group (order by late)))
        from (
            select 1000 * extract(epoch from written_at - received_at)::float8 as late
            from activities
            where account_id like 'live-%'
              and written_at >= '{since:O}'
        ) as live
        """)));

    private static IHost CreateProcessor(string database, string kafka, string redis)
    {
        var builder = BenchmarkProcessor.CreateBuilder(database, kafka, redis);
        builder.AddLedger();
        return builder.Build();
    }

    private static void Report(string what, long started) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s"));

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static int Number(string[] options, int position, int otherwise) =>
        options.Length > position ? int.Parse(options[position], CultureInfo.InvariantCulture) : otherwise;
}
