using System.Diagnostics;
using System.Globalization;
using CrmMail.Processor;
using CrmMail.Processor.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CrmMail.Benchmarks.Replay;

/// <summary>
/// Measures how fast a Processor writes events as they come, and how fast it replays the same events, with real servers that nobody else
/// uses: an empty Kafka, and a database of its own that is dropped afterwards.
/// </summary>
internal static class ReplayLoad
{
    private const string Usage = "Usage: replay POSTGRES KAFKA REDIS [EVENTS=200000] [PARTITIONS=12]";

    public static async Task<int> RunAsync(string[] options)
    {
        if (options.Length < 3)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var (events, partitions) = (Number(options, 3, 200_000), Number(options, 4, 12));
        await using var database = await BenchmarkDatabase.CreateAsync(options[0]);
        var deliveries = await MailLoad.ProduceAsync(options[1], database.DataSource, events, partitions);
        using var processor = StartProcessor(database.ConnectionString, options[1], options[2]);
        Console.WriteLine($"{events} events, {deliveries} records, {partitions} partitions, {Environment.ProcessorCount} cores");

        var live = await MeasureLiveAsync(processor, database.DataSource, events, deliveries);
        await processor.Services.GetServices<IHostedService>().OfType<ReplayService>().Single().StartAsync(CancellationToken.None);
        await MeasureReplayAsync(database.DataSource, "fill", "fill of what is there", deliveries, live);
        await MeasureReplayAsync(database.DataSource, "fill", "the same again", deliveries, live);
        await database.ForgetMailAsync();
        await MeasureReplayAsync(database.DataSource, "fill", "fill of an empty database", deliveries, live);
        await MeasureReplayAsync(database.DataSource, "verify", "verify", deliveries, live);
        await MeasureReplayAsync(database.DataSource, "rebuild", "rebuild", deliveries, live);
        await processor.StopAsync();
        return 0;
    }

    /// <summary>The Processor in this process. Its replays are started later.</summary>
    private static IHost StartProcessor(string database, string kafka, string redis)
    {
        var builder = BenchmarkProcessor.CreateBuilder(database, kafka, redis);
        builder.AddReplay();
        return builder.Build();
    }

    private static async Task<double> MeasureLiveAsync(IHost processor, NpgsqlDataSource database, int events, long deliveries)
    {
        foreach (var service in processor.Services.GetServices<IHostedService>().Where(service => service is not ReplayService))
        {
            await service.StartAsync(CancellationToken.None);
        }

        // Joining the group takes seconds that are no work.
        // Asked of the accounts, whose counts cost next to nothing however much there is.
        const string Ended = "select coalesce(sum(incoming_count + skipped_count), 0)::bigint from accounts";
        await database.WaitAsync(Ended, 1);
        var (started, cost) = (Stopwatch.GetTimestamp(), new ProcessCost());
        await database.WaitAsync(Ended, events);
        var rate = deliveries / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Report("live", rate, rate, cost.PerRecord(deliveries), await database.ReadAsync<string>("select sum(incoming_count) || ' activities, ' || sum(skipped_count) || ' skips' from accounts"));
        return rate;
    }

    private static async Task MeasureReplayAsync(NpgsqlDataSource database, string mode, string name, long deliveries, double live)
    {
        await using var order = database.CreateCommand(
            """
            insert into replay_runs (id, mode, previews, request, requested_by, pause_at_lag_seconds)
            values ($1, $2, case $2 when 'fill' then 'fill' else 'rebuild' end, '{}', 'benchmark', 3600)
            """);
        var (run, cost) = (Guid.CreateVersion7(), new ProcessCost());
        order.Parameters.Add(new() { Value = run });
        order.Parameters.Add(new() { Value = mode });
        await order.ExecuteNonQueryAsync();
        await database.WaitAsync($"select count(*) from replay_runs where id = '{run}' and ended_at is not null", 1);
        var spent = cost.PerRecord(deliveries);
        var seconds = await database.ReadAsync<double>($"select extract(epoch from ended_at - started_at)::float8 from replay_runs where id = '{run}'");
        var counts = await database.ReadAsync<string>(
            $"""
            select concat_ws(', ', (select state || coalesce(': ' || error, '') from replay_runs where id = '{run}'), sum(added) || ' added', sum(changed) || ' changed',
                sum(removed) || ' removed', sum(unchanged) || ' unchanged', sum(skipped) || ' skipped')
            from replay_partitions
            where run_id = '{run}'
            """);
        Report(name, deliveries / seconds, live, spent, counts);
    }

    private static void Report(string name, double rate, double live, string spent, string counts) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {rate:F0} records/s, {rate / live:F1} times live; {spent} ({counts})"));

    private static int Number(string[] options, int position, int otherwise) =>
        options.Length > position ? int.Parse(options[position], CultureInfo.InvariantCulture) : otherwise;
}
