using System.Globalization;
using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using CrmMail.Benchmarks.Load;
using CrmMail.Benchmarks.Replay;
using CrmMail.Benchmarks.Suite;

namespace CrmMail.Benchmarks.Ingest;

/// <summary>
/// How many webhooks a second Ingest answers while 99 of 100 answers are there in time, beside an endpoint that does nothing and the handler
/// that the usual guide shows, at three sizes. Then what it does beyond that.
/// </summary>
internal static class IngestSection
{
    private const double P99 = 25;
    private const int Connections = 128;
    private const string GuideTopic = "guide.events";

    private static readonly int[] Sizes = [700, 2048, 20480];

    public static async IAsyncEnumerable<Figure> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var servers = await BenchServers.StartAsync(MailLoad.Partitions, cancellationToken);
        await CreateGuideTopicAsync(servers.Kafka);
        var ingest = await servers.StartIngestAsync(cancellationToken);
        await using var bare = await ServiceProcess.StartAsync(Environment.ProcessPath!, ["bare-endpoint"], [], cancellationToken);
        await using var guide = await GuideHandler.StartAsync(servers.Kafka, GuideTopic, cancellationToken);
        foreach (var size in options.IsSmoke ? [2048] : Sizes)
        {
            var limit = await FindRateAsync($"bare endpoint, {size} B", bare.Address, size, options, cancellationToken);
            var guideRate = await FindRateAsync($"Node handler, {size} B", guide.Address, size, options, cancellationToken);
            var rate = await FindRateAsync($"Ingest, {size} B", ingest.Address, size, options, cancellationToken);
            var name = string.Create(CultureInfo.InvariantCulture, $"Ingest, {size / 1024.0:0.#} KiB, p99 under {P99} ms");
            yield return new Figure(name, rate, "webhooks/s") { Against = new("bare endpoint", limit, "/s"), Goal = new(0.6) };
            yield return new Figure(name, rate, "webhooks/s") { Against = new("Node handler", guideRate, "/s"), Goal = new(3) };
            var half = await RunAsync(ingest.Address, size, rate / 2, options, cancellationToken);
            yield return new Figure($"{name}: p50 at half of it", half.Percentile(0.5), "ms");
            yield return new Figure($"{name}: p99 at half of it", half.Percentile(0.99), "ms") { Goal = new(P99, IsUpper: true) };
            var memoryAtHalf = ingest.Memory;
            var over = await RunAsync(ingest.Address, size, rate * 2, options, cancellationToken);
            yield return new Figure($"{name}: accepted when twice as many come", over.Accepted / over.Duration.TotalSeconds, "webhooks/s") { Against = new("at its rate", rate, "/s") };
            yield return new Figure($"{name}: sent then, and neither accepted nor told to come again", over.Failed, "webhooks");
            yield return new Figure($"{name}: memory after it", ingest.Memory, "MiB") { Against = new("after half of its rate", memoryAtHalf, "MiB") };
        }

        yield return new Figure("Ingest: most memory", ingest.PeakMemory, "MiB");
        yield return new Figure("Node handler: most memory", guide.PeakMemory, "MiB");
    }

    /// <summary>The highest rate at which everything is accepted in time: doubled until it is too much, then halved in between.</summary>
    private static async Task<double> FindRateAsync(string name, Uri server, int size, BenchOptions options, CancellationToken cancellationToken)
    {
        await RunAsync(server, size, 200, options, cancellationToken);
        var (good, bad) = (0.0, double.PositiveInfinity);
        for (var rate = 500.0; good == 0 || (bad - good) / good > 0.05;)
        {
            var result = await RunAsync(server, size, rate, options, cancellationToken);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {name}: {rate:0}/s, p50 {result.Percentile(0.5):0.0} ms, p99 {result.Percentile(0.99):0.0} ms, {result.Refused} refused, {result.Failed} failed"));
            if (options.IsSmoke)
            {
                return rate;
            }

            (good, bad) = result.IsWithin(P99) ? (rate, bad) : (good, rate);
            if (bad < 50)
            {
                throw new InvalidOperationException($"{name} does not answer even {rate} webhooks a second in {P99} ms: something else uses this machine.");
            }

            rate = double.IsInfinity(bad) ? good * 2 : good == 0 ? bad / 2 : (good + bad) / 2;
        }

        return good;
    }

    private static Task<LoadResult> RunAsync(Uri server, int size, double rate, BenchOptions options, CancellationToken cancellationToken)
    {
        var body = new SampleWebhook(size, BenchServers.WebhookSecret).Body;
        return new OpenLoop(server, () => new SameWebhook(body), Connections).RunAsync(rate, options.Step, cancellationToken);
    }

    private static async Task CreateGuideTopicAsync(string kafka)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = GuideTopic, NumPartitions = MailLoad.Partitions }]);
    }
}
