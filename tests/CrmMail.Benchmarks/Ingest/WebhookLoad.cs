using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace CrmMail.Benchmarks.Ingest;

/// <summary>Posts signed webhooks to a running Ingest over so many connections, each waiting for its answer, and tells the rate and how long answers took.</summary>
internal static class WebhookLoad
{
    private const string Usage = "Usage: load URL SECRET [CONNECTIONS=32] [SECONDS=15] [BYTES=2048]";

    public static async Task<int> RunAsync(string[] options)
    {
        if (options.Length < 2 || !Uri.TryCreate(options[0], UriKind.Absolute, out var address))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var (connections, seconds, size) = (Number(options, 2, 32), Number(options, 3, 15), Number(options, 4, 2048));
        var sample = new SampleWebhook(size, options[1]);
        var endpoint = new Uri(address, "/webhooks/emailengine");
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, ActivityHeadersPropagator = null };
        using var client = new HttpMessageInvoker(handler);

        // The first seconds compile code and open connections, and do not count.
        await MeasureAsync(client, endpoint, sample, connections, TimeSpan.FromSeconds(5));
        var started = Stopwatch.GetTimestamp();
        var answers = await MeasureAsync(client, endpoint, sample, connections, TimeSpan.FromSeconds(seconds));
        Report(answers, Stopwatch.GetElapsedTime(started), connections, size);
        return answers.TrueForAll(answer => answer.Status == HttpStatusCode.Accepted) ? 0 : 1;
    }

    private static async Task<List<TimedAnswer>> MeasureAsync(HttpMessageInvoker client, Uri endpoint, SampleWebhook sample, int connections, TimeSpan duration)
    {
        var senders = Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(client, endpoint, sample, duration)));
        return [.. (await Task.WhenAll(senders)).SelectMany(answers => answers)];
    }

    private static async Task<List<TimedAnswer>> SendAsync(HttpMessageInvoker client, Uri endpoint, SampleWebhook sample, TimeSpan duration)
    {
        var answers = new List<TimedAnswer>();
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(sample.Body) };
            request.Headers.TryAddWithoutValidation("X-EE-Wh-Signature", sample.Signature);
            request.Headers.TryAddWithoutValidation("X-EE-Wh-Event-Id", Guid.NewGuid().ToString());
            var sent = Stopwatch.GetTimestamp();
            using var answer = await client.SendAsync(request, CancellationToken.None);
            answers.Add(new TimedAnswer(answer.StatusCode, Stopwatch.GetElapsedTime(sent)));
        }

        return answers;
    }

    private static void Report(List<TimedAnswer> answers, TimeSpan duration, int connections, int size)
    {
        var times = answers.Select(answer => answer.Time.TotalMilliseconds).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{connections} connections, {size} bytes: {answers.Count / duration.TotalSeconds:F0} webhooks/s, p50 {At(0.50):F1} ms, p99 {At(0.99):F1} ms, longest {times[^1]:F1} ms"));
        foreach (var status in answers.CountBy(answer => answer.Status))
        {
            Console.WriteLine($"  {(int)status.Key}: {status.Value}");
        }

        double At(double share) => times[(int)(share * (times.Length - 1))];
    }

    private static int Number(string[] options, int position, int otherwise) =>
        options.Length > position ? int.Parse(options[position], CultureInfo.InvariantCulture) : otherwise;

    private readonly record struct TimedAnswer(HttpStatusCode Status, TimeSpan Time);
}
