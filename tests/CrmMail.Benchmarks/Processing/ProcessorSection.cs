using System.Globalization;
using System.Runtime.CompilerServices;
using CrmMail.Benchmarks.Replay;
using CrmMail.Benchmarks.Suite;

namespace CrmMail.Benchmarks.Processing;

/// <summary>
/// How fast the Processor takes events from Kafka to committed rows, beside the insert of the same rows by the same statements and nothing
/// else, and beside three statements for each mail, as the usual guide shows.
/// </summary>
internal static class ProcessorSection
{
    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var servers = await BenchServers.StartAsync(MailLoad.Partitions, cancellationToken);
        var records = await MailLoad.ProduceAsync(servers.Kafka, servers.Database, options.Events, MailLoad.Partitions);
        Console.WriteLine($"  {records} records are in Kafka");
        var processor = await servers.StartProcessorAsync(cancellationToken);
        var drain = await Drain.MeasureAsync(servers.Database, [processor], options.Events, records, cancellationToken);
        Report("Processor", drain.Rate);
        await processor.DisposeAsync();

        var guide = await GuideConsumer.MeasureAsync(servers, options.IsSmoke ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(20), cancellationToken);
        Report("three statements for each mail", guide);
        var bare = await BareInsert.MeasureAsync(servers.Database, records, MailLoad.Partitions, cancellationToken);
        Report("bare insert", bare);

        yield return new Figure("Processor, drain", drain.Rate, "events/s") { Against = new("bare insert of its rows", bare, "/s"), Goal = new(0.5) };
        yield return new Figure("Processor, drain", drain.Rate, "events/s") { Against = new("three statements for each mail", guide, "/s"), Goal = new(10) };
        yield return new Figure("Processor: processor time for 10,000 events", drain.ProcessorSeconds / records * 10_000, "s");
        yield return new Figure("Processor: most memory", drain.Memory, "MiB");
    }

    private static void Report(string name, double rate) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {rate:0} events/s"));
}
