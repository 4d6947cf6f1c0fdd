using System.Globalization;
using System.Net;
using System.Text.Json;

namespace LocalMode.Tests.Dashboard;

public sealed class LogStreamTests
{
    private const string Logs = "/api/resources/ingest/logs";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_from_before_and_after_the_client_came_are_sent_in_order_with_their_number_as_event_id()
    {
        await using var dashboard = await StartAsync("first", "second");

        using var stream = await dashboard.OpenAsync(Logs);
        var lines = ReadLinesAsync(stream, 3);
        dashboard.Feed.Write("third", isError: true);

        Assert.Equal([("1", "first"), ("2", "second"), ("3", "third")], await lines);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(Logs, "2", "third")]
    [InlineData(Logs + "?after=2", null, "third")]
    [InlineData(Logs + "?after=1", "2", "third")]
    [InlineData(Logs, "0", "first")]
    public async Task A_client_that_comes_back_goes_on_after_the_last_line_it_has(string path, string? lastEventId, string next)
    {
        await using var dashboard = await StartAsync("first", "second", "third");

        using var stream = await dashboard.OpenAsync(path, lastEventId);

        Assert.Equal(next, (await ReadLinesAsync(stream, 1)).Single().Text);
    }

    [Fact]
    public async Task A_stream_says_which_runner_it_is_before_anything_was_written()
    {
        await using var dashboard = await StartAsync();

        using var stream = await dashboard.OpenAsync(Logs);
        var opening = await RunningDashboard.ReadAsync(stream, Cancellation).FirstAsync(Cancellation);

        Assert.Equal("runner", opening.EventType);
        Assert.Equal("Shop", JsonElement.Parse(opening.Data).GetProperty("application").GetString());
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_neither_the_feed_nor_another_client_and_sees_what_it_missed()
    {
        // Far more than fits into the buffers of both ends of a connection and into the lines that are kept ahead of it.
        const int lines = 20_000;
        var wide = new string('x', 2_000);
        await using var dashboard = await StartAsync();
        using var slow = await dashboard.OpenAsync(Logs);
        using var quick = await dashboard.OpenAsync(Logs);

        var quickReader = ReadUntilAsync(quick, lines);
        for (var i = 0; i < lines; i++)
        {
            dashboard.Feed.Write(wide);
        }

        await Eventually.TrueAsync(() => dashboard.Feed.HeldUp == 0, () => $"{dashboard.Feed.HeldUp} lines wait in the feed");
        Assert.Equal(lines, (await quickReader)[^1]);

        var seen = await ReadUntilAsync(slow, lines);
        Assert.Equal(seen.Order(), seen);
        Assert.True(seen.Count < lines, "the slow client was expected to miss lines, or this test has not slowed it down");
    }

    [Fact]
    public async Task A_client_that_went_away_is_not_watched_for_any_longer()
    {
        await using var dashboard = await StartAsync("first");
        var stream = await dashboard.OpenAsync(Logs);
        await ReadLinesAsync(stream, 1);

        stream.Dispose();

        await Eventually.TrueAsync(() => dashboard.Feed.LogWatchers == 0, () => $"{dashboard.Feed.LogWatchers} watchers are left");
    }

    [Fact]
    public async Task The_console_of_an_unknown_resource_is_not_found()
    {
        await using var dashboard = await StartAsync();

        using var response = await dashboard.Client.GetAsync(new Uri("/api/resources/other/logs", UriKind.Relative), Cancellation);

        await Problem.AssertAsync(response, HttpStatusCode.NotFound, "unknown-resource");
    }

    private static async Task<RunningDashboard> StartAsync(params string[] lines)
    {
        var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Put(RunningDashboard.Resource("ingest"));
        foreach (var line in lines)
        {
            dashboard.Feed.Write(line);
        }

        return dashboard;
    }

    private static async Task<List<(string? Id, string? Text)>> ReadLinesAsync(HttpResponseMessage stream, int count) =>
        await RunningDashboard.ReadAsync(stream, Cancellation)
            .Where(item => item.EventType == "line")
            .Take(count)
            .Select(item => (item.EventId, JsonElement.Parse(item.Data).GetProperty("text").GetString()))
            .ToListAsync(Cancellation);

    private static async Task<List<int>> ReadUntilAsync(HttpResponseMessage stream, int last)
    {
        var numbers = new List<int>();
        await foreach (var item in RunningDashboard.ReadAsync(stream, Cancellation))
        {
            if (item.EventType == "line")
            {
                numbers.Add(int.Parse(item.EventId!, CultureInfo.InvariantCulture));
                if (numbers[^1] == last)
                {
                    break;
                }
            }
        }

        return numbers;
    }
}
