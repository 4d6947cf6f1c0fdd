using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Local.Dashboard;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalMode.Tests.Dashboard;

/// <summary>A dashboard on a free port, over a scripted feed, and a client of it.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly DashboardServer _server;

    private RunningDashboard(ScriptedFeed feed, DashboardServer server, Uri url)
    {
        Feed = feed;
        _server = server;
        Url = url;
        Client = new HttpClient { BaseAddress = url, Timeout = Deadline };
    }

    public ScriptedFeed Feed { get; }

    public Uri Url { get; }

    public HttpClient Client { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RunningDashboard> StartAsync(int preferredPort = 0)
    {
        var feed = new ScriptedFeed();
        var server = new DashboardServer(feed, "Shop", preferredPort, TimeProvider.System, NullLoggerFactory.Instance);
        return new RunningDashboard(feed, server, await server.StartAsync(Cancellation));
    }

    public static ResourceView Resource(string name, string state = "Running", params CommandView[] commands) =>
        new(name, "project", null, state, "Healthy", DateTimeOffset.UnixEpoch, null, null, [], [], [], commands);

    public ValueTask StopAsync() => _server.DisposeAsync();

    /// <summary>Opens a stream; the caller decides whether to read it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    /// <summary>Events of a stream, until the test has seen enough, the server ends the stream or the deadline passes.</summary>
    public static async IAsyncEnumerable<SseItem<string>> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken ct = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct, Cancellation);
        deadline.CancelAfter(Deadline);
        await using var body = await response.Content.ReadAsStreamAsync(deadline.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(deadline.Token))
        {
            yield return item;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
