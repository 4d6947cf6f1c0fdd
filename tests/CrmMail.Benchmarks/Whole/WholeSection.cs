using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CrmMail.Benchmarks.Load;
using CrmMail.Benchmarks.Processing;
using CrmMail.Benchmarks.Replay;
using CrmMail.Benchmarks.Suite;

namespace CrmMail.Benchmarks.Whole;

/// <summary>
/// How long it takes from the moment at which a webhook is due until the Api shows the mail on the timeline of its contact, while other mail
/// comes at a quarter, half and three quarters of what the Processor drains; and what that costs each process.
/// </summary>
internal static class WholeSection
{
    private const int Connections = 64;

    private static readonly string[] Names = ["Ingest", "the Processor", "the Api"];

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var servers = await BenchServers.StartAsync(MailLoad.Partitions, cancellationToken);
        await MailLoad.AddContactsAsync(servers.Database);
        var ingest = await servers.StartIngestAsync(cancellationToken);
        var processor = await servers.StartProcessorAsync(cancellationToken);
        var api = await servers.StartApiAsync(cancellationToken);
        var load = new OpenLoop(ingest.Address, () => new NewMails(), Connections);
        using var probe = await TimelineProbe.CreateAsync(servers.Database, ingest.Address, api.Address, cancellationToken);

        // Code is compiled and connections are opened before anything counts.
        await probe.MeasureAsync(TimeSpan.FromSeconds(2), cancellationToken);
        var full = options.IsSmoke ? 200 : await FindDrainAsync(load, servers, options, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Ingest and Processor together take {full:0} mails/s"));
        yield return new Figure("Ingest and Processor together, as many as possible", full, "mails/s");
        foreach (var share in (double[])[0.25, 0.5, 0.75])
        {
            ServiceProcess[] processes = [ingest, processor, api];
            var before = processes.Select(process => process.ProcessorTime).ToArray();
            var duration = options.Step * 4;
            var sending = load.RunAsync(full * share, duration, cancellationToken);
            var times = await probe.MeasureAsync(duration, cancellationToken);
            var sent = await sending;
            var name = string.Create(CultureInfo.InvariantCulture, $"Webhook to timeline at {share * 100:0} % of it");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {times.Count} mails looked for, {sent.Requests - sent.Accepted} not accepted"));
            yield return new Figure($"{name}: p50", At(times, 0.5), "ms");
            yield return new Figure($"{name}: p95", At(times, 0.95), "ms") { Goal = share == 0.5 ? new(150, IsUpper: true) : null };
            yield return new Figure($"{name}: p99", At(times, 0.99), "ms");
            for (var n = 0; n < processes.Length; n++)
            {
                var spent = (processes[n].ProcessorTime - before[n]).TotalSeconds / sent.Accepted * 10_000;
                yield return new Figure($"{name}: processor time of {Names[n]} for 10,000 mails", spent, "s");
            }
        }

        yield return new Figure("Ingest: most memory", ingest.PeakMemory, "MiB");
        yield return new Figure("Processor: most memory", processor.PeakMemory, "MiB");
        yield return new Figure("Api: most memory", api.PeakMemory, "MiB");
    }

    private static double At(List<double> ordered, double share) => ordered[(int)(share * (ordered.Count - 1))];

    /// <summary>How many mails a second get an end while as many as possible come in; then waits until nothing is left.</summary>
    private static async Task<double> FindDrainAsync(OpenLoop load, BenchServers servers, BenchOptions options, CancellationToken cancellationToken)
    {
        const double MoreThanPossible = 50_000;
        var (started, first) = (Stopwatch.GetTimestamp(), await Drain.WaitAsync(servers.Database, 0, cancellationToken));
        var sending = load.RunAsync(MoreThanPossible, options.Step * 3, cancellationToken);
        await Task.Delay(options.Step * 3, cancellationToken);
        var rate = (await Drain.WaitAsync(servers.Database, 0, cancellationToken) - first) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var sent = await sending;
        await Drain.WaitAsync(servers.Database, first + sent.Accepted, cancellationToken);
        return rate;
    }
}
