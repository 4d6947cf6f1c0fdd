using System.Text.Json;
using Aspire.Hosting.Local.Dashboard;

namespace LocalMode.Tests.Dashboard;

public sealed class ResourceStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_runner_comes_first_then_every_resource_in_dependency_order_then_changes()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Put(RunningDashboard.Resource("kafka"));
        dashboard.Feed.Put(RunningDashboard.Resource("ingest", "Waiting"));

        using var stream = await dashboard.OpenAsync("/api/resources/stream");
        var events = RunningDashboard.ReadAsync(stream, Cancellation).GetAsyncEnumerator(Cancellation);
        await using var closing = events;

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("runner", events.Current.EventType);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("resources", events.Current.EventType);
        Assert.Equal(["kafka", "ingest"], JsonElement.Parse(events.Current.Data).EnumerateArray().Select(Name));

        dashboard.Feed.Put(RunningDashboard.Resource("ingest", "Running"));
        do
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal("resource", events.Current.EventType);
        }
        while (Name(JsonElement.Parse(events.Current.Data)) != "ingest" || State(events.Current.Data) != "Running");
    }

    [Fact]
    public async Task Every_start_of_the_runner_is_another_run()
    {
        Assert.NotEqual(await RunAsync(), await RunAsync());

        static async Task<string?> RunAsync()
        {
            await using var dashboard = await RunningDashboard.StartAsync();
            using var stream = await dashboard.OpenAsync("/api/resources/stream");
            var opening = await RunningDashboard.ReadAsync(stream, Cancellation).FirstAsync(Cancellation);
            return JsonElement.Parse(opening.Data).GetProperty("run").GetString();
        }
    }

    [Fact]
    public async Task A_client_behind_gets_the_latest_state_of_each_resource_and_no_overtaken_one()
    {
        ResourceView[] changes =
        [
            RunningDashboard.Resource("kafka", "Starting"),
            RunningDashboard.Resource("ingest", "Waiting"),
            RunningDashboard.Resource("kafka", "Running"),
        ];

        var taken = await changes.ToAsyncEnumerable().KeepLatest(r => r.Name, Cancellation).ToListAsync(Cancellation);

        Assert.Equal([("kafka", "Running"), ("ingest", "Waiting")], taken.Select(r => (r.Name, r.State)));
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_nothing_and_misses_no_resource()
    {
        // Far more than fits into the buffers of both ends of a connection.
        const int changes = 10_000;
        var wide = new string('x', 4_000);
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Put(RunningDashboard.Resource("kafka"));
        dashboard.Feed.Put(RunningDashboard.Resource("ingest"));
        using var stream = await dashboard.OpenAsync("/api/resources/stream");

        for (var i = 1; i <= changes; i++)
        {
            dashboard.Feed.Put(RunningDashboard.Resource("ingest") with { ExitCode = i, Message = wide });
            if (i == changes / 2)
            {
                dashboard.Feed.Put(RunningDashboard.Resource("kafka", "Exited"));
            }
        }

        await Eventually.TrueAsync(() => dashboard.Feed.HeldUp == 0, () => $"{dashboard.Feed.HeldUp} changes wait in the feed");
        dashboard.Feed.Put(RunningDashboard.Resource("last"));
        var sent = 0;
        var latest = new Dictionary<string, JsonElement>();
        await foreach (var item in RunningDashboard.ReadAsync(stream, Cancellation).Where(item => item.EventType == "resource"))
        {
            sent++;
            var resource = JsonElement.Parse(item.Data);
            latest[Name(resource)!] = resource;
            if (latest.ContainsKey("last"))
            {
                break;
            }
        }

        Assert.Equal("Exited", latest["kafka"].GetProperty("state").GetString());
        Assert.Equal(changes, latest["ingest"].GetProperty("exitCode").GetInt32());
        Assert.True(sent < changes, "the client was expected to miss changes, or this test has not slowed it down");
    }

    [Fact]
    public async Task An_error_of_the_feed_reaches_the_reader()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await Broken().KeepNewest(10, Cancellation).ToListAsync(Cancellation));

        Assert.Equal("broken", error.Message);

        static async IAsyncEnumerable<int> Broken()
        {
            yield return 1;
            await Task.CompletedTask;
            throw new InvalidOperationException("broken");
        }
    }

    private static string? Name(JsonElement resource) => resource.GetProperty("name").GetString();

    private static string? State(string resource) => JsonElement.Parse(resource).GetProperty("state").GetString();
}
