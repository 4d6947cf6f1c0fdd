using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LocalMode.Tests.Dashboard;

public sealed class DashboardServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_preferred_port_is_used_and_can_be_used_again_after_a_stop()
    {
        int port;
        await using (var first = await RunningDashboard.StartAsync())
        {
            port = first.Url.Port;
        }

        await using var second = await RunningDashboard.StartAsync(port);

        Assert.Equal(new Uri($"http://127.0.0.1:{port}/"), second.Url);
    }

    [Fact]
    public async Task A_taken_port_gives_way_to_a_free_one()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var dashboard = await RunningDashboard.StartAsync(taken);

        Assert.NotEqual(taken, dashboard.Url.Port);
        using var page = await dashboard.Client.GetAsync(dashboard.Url, Cancellation);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task It_stops_within_a_second_and_ends_the_streams_that_are_open()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Put(RunningDashboard.Resource("ingest"));
        using var resources = await dashboard.OpenAsync("/api/resources/stream");
        using var logs = await dashboard.OpenAsync("/api/resources/ingest/logs");
        var ended = Task.WhenAll(ReadToEndAsync(resources), ReadToEndAsync(logs));

        var stopping = Stopwatch.StartNew();
        await dashboard.StopAsync();

        Assert.True(stopping.Elapsed < TimeSpan.FromSeconds(1), $"it took {stopping.Elapsed}");
        await ended;
    }

    [Fact]
    public async Task It_stops_within_a_second_though_a_client_does_not_read_what_it_asked_for()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Put(RunningDashboard.Resource("ingest"));
        using var stuck = await dashboard.OpenAsync("/api/resources/ingest/logs");
        var wide = new string('x', 100_000);
        for (var i = 0; i < 300; i++)
        {
            dashboard.Feed.Write(wide);
        }

        await Eventually.TrueAsync(() => dashboard.Feed.HeldUp == 0, () => $"{dashboard.Feed.HeldUp} lines wait in the feed");
        var stopping = Stopwatch.StartNew();
        await dashboard.StopAsync();

        Assert.True(stopping.Elapsed < TimeSpan.FromSeconds(1), $"it took {stopping.Elapsed}");
    }

    private static async Task ReadToEndAsync(HttpResponseMessage stream) =>
        Assert.Contains(await RunningDashboard.ReadAsync(stream, Cancellation).ToListAsync(Cancellation), item => item.EventType == "runner");
}
