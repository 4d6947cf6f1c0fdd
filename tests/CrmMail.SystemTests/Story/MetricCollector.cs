using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CrmMail.SystemTests.Story;

/// <summary>A collector of OpenTelemetry that keeps the metrics it is sent.</summary>
internal sealed class MetricCollector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<string> _exports = new();

    private MetricCollector(WebApplication server) => _server = server;

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, with <c>http/protobuf</c>.</summary>
    public string Address => _server.Urls.Single();

    public static async Task<MetricCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var collector = new MetricCollector(builder.Build());
        collector._server.Urls.Add("http://127.0.0.1:0");
        collector._server.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            // Names and tags are readable in protobuf.
            using var body = new StreamReader(request.Body, Encoding.Latin1);
            collector._exports.Enqueue($"{signal} {await body.ReadToEndAsync()}");
        });
        await collector._server.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Whether an instrument was sent that has counted something under this value of a tag.</summary>
    public bool HasSeen(string instrument, string tag) => _exports.Any(export =>
        export.StartsWith("metrics ", StringComparison.Ordinal) && export.Contains(instrument, StringComparison.Ordinal) && export.Contains(tag, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
