using System.Net;
using Aspire.Hosting.Local.Dashboard;

namespace LocalMode.Tests.Dashboard;

public sealed class ForeignRequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    public async Task A_page_of_another_origin_can_run_no_command_and_read_nothing(string header, string value)
    {
        await using var dashboard = await StartAsync();
        var executed = false;
        dashboard.Feed.OnExecute = (_, _, _) =>
        {
            executed = true;
            return Task.FromResult(new CommandOutcome(true, null));
        };

        foreach (var (method, path) in Api)
        {
            using var response = await SendAsync(dashboard, method, path, header, value);
            await Problem.AssertAsync(response, HttpStatusCode.Forbidden, "cross-site-request");
        }

        Assert.False(executed);
    }

    [Fact]
    public async Task The_own_page_and_a_client_that_is_no_browser_are_let_in()
    {
        await using var dashboard = await StartAsync();
        (string, string)[] own = [("Sec-Fetch-Site", "same-origin"), ("Origin", dashboard.Url.GetLeftPart(UriPartial.Authority)), ("Accept", "*/*")];

        foreach (var (header, value) in own)
        {
            using var response = await SendAsync(dashboard, HttpMethod.Post, "/api/resources/ingest/commands/stop", header, value);
            Assert.True(response.IsSuccessStatusCode, $"{header}: {value} was answered with {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("rebound.example", false)]
    [InlineData("localhost.example", false)]
    [InlineData("192.168.0.7", false)]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    public async Task Only_a_loopback_host_is_answered(string host, bool answered)
    {
        await using var dashboard = await StartAsync();

        foreach (var (method, path) in (IEnumerable<(HttpMethod, string)>)[.. Api, (HttpMethod.Get, "/")])
        {
            using var response = await SendAsync(dashboard, method, path, "Host", $"{host}:{dashboard.Url.Port}");
            if (answered)
            {
                Assert.True(response.IsSuccessStatusCode, $"{method} {path} was answered with {response.StatusCode}");
            }
            else
            {
                await Problem.AssertAsync(response, HttpStatusCode.MisdirectedRequest, "host-not-loopback");
            }
        }
    }

    private static IEnumerable<(HttpMethod Method, string Path)> Api =>
    [
        (HttpMethod.Get, "/api/resources"),
        (HttpMethod.Get, "/api/resources/stream"),
        (HttpMethod.Get, "/api/resources/ingest/logs"),
        (HttpMethod.Post, "/api/resources/ingest/commands/stop"),
    ];

    private static async Task<RunningDashboard> StartAsync()
    {
        var dashboard = await RunningDashboard.StartAsync();
        dashboard.Feed.Put(RunningDashboard.Resource("ingest", "Running", new CommandView("stop", "Stop", true, false, null)));
        return dashboard;
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningDashboard dashboard, HttpMethod method, string path, string header, string value)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(header, value);
        return await dashboard.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }
}
