using System.Diagnostics;
using System.Globalization;
using CrmMail.Processor.Ledger;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CrmMail.Benchmarks.Replay;

/// <summary>
/// Measures how soon a contact has its past mail: many mails of one address that is nobody's come in, and then a contact is made. With real
/// servers that nobody else uses: an empty Kafka, and a database of its own that is dropped afterwards.
/// </summary>
internal static class LedgerLoad
{
    private const string Usage = "Usage: ledger POSTGRES KAFKA REDIS [MAILS=100000] [PARTITIONS=12]";
    private const string Author = "zoe@elsewhere.example";

    public static async Task<int> RunAsync(string[] options)
    {
        if (options.Length < 3)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var (mails, partitions) = (Number(options, 3, 100_000), Number(options, 4, 12));
        await using var database = await BenchmarkDatabase.CreateAsync(options[0]);
        var records = await MailLoad.ProduceAsync(options[1], Author, mails, partitions);
        using var processor = CreateProcessor(database.ConnectionString, options[1], options[2]);
        var started = Stopwatch.GetTimestamp();
        await processor.StartAsync();
        await database.DataSource.WaitAsync("select coalesce(sum(skipped_count), 0)::bigint from accounts", mails);
        Report($"{records} records without a contact", started);

        await ExecuteAsync(database.DataSource, "analyze");
        started = Stopwatch.GetTimestamp();
        await ExecuteAsync(
            database.DataSource,
            $"""
            with person as (insert into contacts (id, name) values (gen_random_uuid(), 'Zoe') returning id)
            insert into contact_addresses (address, contact_id) select '{Author}', id from person
            """);
        await database.DataSource.WaitAsync("select coalesce(sum(incoming_count), 0)::bigint from accounts", 1);
        Report("the first mails linked", started);
        await database.DataSource.WaitAsync("select coalesce(sum(incoming_count), 0)::bigint from accounts", mails);
        Report($"{mails} mails linked", started);

        started = Stopwatch.GetTimestamp();
        await ExecuteAsync(database.DataSource, "delete from contact_addresses");
        await database.DataSource.WaitAsync("select 1 - least(1, sum(incoming_count))::bigint from accounts", 1);
        Report($"{mails} mails unlinked", started);
        await processor.StopAsync();
        return 0;
    }

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
