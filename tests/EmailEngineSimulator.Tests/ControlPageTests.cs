using System.Net;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;

namespace EmailEngineSimulator.Tests;

public sealed class ControlPageTests(SharedSimulator shared)
{
    private readonly RunningSimulator _simulator = shared.Simulator;

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/page.js", "text/javascript")]
    public async Task The_page_is_inside_and_a_browser_need_not_load_it_twice(string path, string contentType)
    {
        using var first = await _simulator.Anybody.GetAsync(path, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await _simulator.Anybody.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, contentType), (first.StatusCode, first.Content.Headers.ContentType?.MediaType));
        Assert.NotEmpty(await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task The_state_has_all_that_the_page_shows()
    {
        var account = _simulator.NewAccountId();
        await _simulator.CallAsync("POST", "/simulator/mailboxes", new JsonObject { ["account"] = account, ["email"] = "eve@example.com", ["name"] = "Eve" });
        await _simulator.Receiver.WaitForAsync(account, "accountInitialized");
        await _simulator.DeliverAsync(account, new JsonObject());

        var state = await _simulator.CallAsync("GET", "/simulator/state?webhooks=2000");

        var mailbox = state["mailboxes"]!.AsArray().Single(one => (string)one!["account"]! == account)!;
        Assert.Equal("""{"path":"INBOX","specialUse":"\\Inbox","messages":1,"unseen":1}""", mailbox["folders"]![0]!.ToJsonString());
        Assert.Equal(("connected", "healthy", "none"), ((string)mailbox["state"]!, (string)mailbox["server"]!, (string)mailbox["nextDelivery"]!));
        Assert.Equal("messageNew", (string)state["webhooks"]!.AsArray().First(webhook => (string)webhook!["account"]! == account)!["event"]!);
        Assert.Equal("""{"receiverDown":false,"rewriteMessageIds":false,"sentCopy":"once","api":"works"}""", state["switches"]!.ToJsonString());
    }

    [Fact]
    public async Task The_API_refuses_as_it_does_under_load_and_before_its_workers_run()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await simulator.CallAsync("POST", "/v1/account", Requests.Account("amy", "amy@example.com"));

        await simulator.CallAsync("PUT", "/simulator/switches", new JsonObject { ["api"] = "rateLimited" });
        var limited = await simulator.SendAsync("GET", "/v1/account/amy");
        await simulator.CallAsync("PUT", "/simulator/switches", new JsonObject { ["api"] = "withoutWorkers" });
        var (described, submitted) = (await simulator.SendAsync("GET", "/v1/account/amy"), await simulator.SendAsync("POST", "/v1/account/amy/submit", new JsonObject()));

        Assert.Equal("""{"statusCode":429,"error":"Too Many Requests","message":"Rate limit exceeded","ttl":1}""", limited.Body!.ToJsonString());
        Assert.Equal(200, described.Status);
        Assert.Equal((503, "WorkerNotAvailable"), (submitted.Status, (string)submitted.Body!["code"]!));
    }

    [Theory]
    [InlineData("POST", "/simulator/mailboxes/nobody/messages", "{}", 404)]
    [InlineData("POST", "/simulator/mailboxes", "{}", 400)]
    [InlineData("PUT", "/simulator/switches", """{"sentCopy":"thrice"}""", 400)]
    [InlineData("POST", "/simulator/webhooks/999999999/resend", null, 404)]
    public async Task A_wrong_request_is_answered_with_the_reason(string method, string path, string? body, int status)
    {
        var answer = await _simulator.SendAsync(method, path, body is null ? null : JsonNode.Parse(body));

        Assert.Equal(status, answer.Status);
        Assert.NotEmpty(answer.ErrorText);
    }
}
