using System.Globalization;
using System.Runtime.CompilerServices;
using CrmMail.Benchmarks.Processing;
using CrmMail.Benchmarks.Replay;
using CrmMail.Benchmarks.Suite;

namespace CrmMail.Benchmarks.Growth;

/// <summary>What more partitions, more Processors and one account with half of all mail do to the drain rate, and how fast the same events are replayed.</summary>
internal static class GrowthSection
{
    private static readonly (int Partitions, int Processors, bool IsHalfOfOneAccount)[] Shapes =
        [(12, 1, false), (1, 1, false), (4, 1, false), (48, 1, false), (12, 2, false), (12, 4, false), (12, 1, true)];

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Math.Max(1_000, options.Events / 5);
        Figure? usual = null;
        foreach (var (partitions, processors, isHalfOfOneAccount) in options.IsSmoke ? Shapes[..1] : Shapes)
        {
            await using var servers = await BenchServers.StartAsync(partitions, cancellationToken);
            var records = await MailLoad.ProduceAsync(servers.Kafka, servers.Database, events, partitions, isHalfOfOneAccount);
            var running = await Task.WhenAll(Enumerable.Range(0, processors).Select(_ => servers.StartProcessorAsync(cancellationToken)));
            var drain = await Drain.MeasureAsync(servers.Database, running, events, records, cancellationToken);
            var name = Describe(partitions, processors, isHalfOfOneAccount);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {drain.Rate:0} events/s"));
            var figure = new Figure($"Drain, {name}", drain.Rate, "events/s") { Against = usual };
            usual ??= new Figure(name, drain.Rate, "/s");
            yield return figure;
            if (figure.Against is null)
            {
                var replay = await RunningReplay.MeasureAsync(servers.Database, "fill", records, cancellationToken);
                yield return new Figure("Replay (fill, nothing missing)", replay, "events/s") { Against = usual, Goal = new(3) };
            }
        }
    }

    private static string Describe(int partitions, int processors, bool isHalfOfOneAccount) =>
        string.Create(CultureInfo.InvariantCulture, $"{partitions} partitions, {processors} Processors{(isHalfOfOneAccount ? ", half of all mail in one account" : "")}")
            .Replace("1 partitions", "1 partition", StringComparison.Ordinal)
            .Replace("1 Processors", "1 Processor", StringComparison.Ordinal);
}
