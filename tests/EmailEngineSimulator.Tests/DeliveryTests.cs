using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;
using EmailEngineSimulator.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace EmailEngineSimulator.Tests;

/// <summary>When a queued mail leaves, and what happens when the SMTP server does not take it.</summary>
public sealed class DeliveryTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task A_scheduled_mail_waits_in_the_outbox_until_its_time()
    {
        await using var simulator = await StartAsync();
        var sendAt = _time.GetUtcNow().AddDays(100);
        var submitted = await SubmitAsync(simulator, new JsonObject { ["sendAt"] = sendAt.ToString("O") });
        var queueId = (string)submitted["queueId"]!;

        _time.Advance(TimeSpan.FromDays(100) - TimeSpan.FromMilliseconds(1));
        var waiting = await simulator.CallAsync("GET", $"/v1/outbox/{queueId}");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await simulator.Receiver.WaitForAsync("amy", Events.MessageSent);

        Assert.Equal(("2026-04-12T03:04:05.200Z", 0, "queued"), ((string)waiting["scheduled"]!, (int)waiting["attemptsMade"]!, (string)waiting["progress"]!["status"]!));
        Assert.Equal((string)waiting["scheduled"]!, (string)submitted["sendAt"]!);
        Assert.Equal(404, (await simulator.SendAsync("GET", $"/v1/outbox/{queueId}")).Status);
    }

    [Fact]
    public async Task A_mail_that_is_taken_out_of_the_outbox_is_not_sent()
    {
        await using var simulator = await StartAsync();
        var submitted = await SubmitAsync(simulator, new JsonObject { ["sendAt"] = _time.GetUtcNow().AddHours(1).ToString("O") });
        var path = $"/v1/outbox/{submitted["queueId"]}";

        var first = await simulator.CallAsync("DELETE", path);
        var second = await simulator.CallAsync("DELETE", path);
        _time.Advance(TimeSpan.FromHours(2));
        var later = await SubmitAsync(simulator, new JsonObject { ["subject"] = "Later" });

        Assert.Equal((true, false), ((bool)first["deleted"]!, (bool)second["deleted"]!));
        Assert.Equal((string)later["queueId"]!, (string)(await simulator.Receiver.WaitForAsync("amy", Events.MessageSent)).Data["queueId"]!);
    }

    [Fact]
    public async Task The_outbox_of_a_deleted_account_is_emptied()
    {
        await using var simulator = await StartAsync();
        await SubmitAsync(simulator, new JsonObject { ["sendAt"] = _time.GetUtcNow().AddHours(1).ToString("O") });

        await simulator.CallAsync("DELETE", "/v1/account/amy");

        Assert.Equal(0, (int)(await simulator.CallAsync("GET", "/v1/outbox"))["total"]!);
    }

    [Fact]
    public async Task A_busy_server_is_told_of_and_tried_again()
    {
        await using var simulator = await StartAsync();
        await simulator.CallAsync("PUT", "/simulator/mailboxes/amy/next-delivery", new JsonObject { ["fault"] = "once" });
        var submitted = await SubmitAsync(simulator, []);

        var error = (await simulator.Receiver.WaitForAsync("amy", Events.MessageDeliveryError)).Data;
        var waiting = await simulator.CallAsync("GET", $"/v1/outbox/{submitted["queueId"]}");
        _time.Advance(TimeSpan.FromSeconds(5));
        await simulator.Receiver.WaitForAsync("amy", Events.MessageSent);

        Assert.Equal(
            $$$"""{"queueId":"{{{submitted["queueId"]}}}","envelope":{"from":"amy@example.com","to":["bob@example.org"]},"messageId":"{{{submitted["messageId"]}}}","error":"Message failed: 451 4.3.0 Temporary failure, try again later","errorCode":"EMESSAGE","smtpResponse":"451 4.3.0 Temporary failure, try again later","smtpResponseCode":451,"smtpCommand":"DATA","networkRouting":null,"job":{"id":"{{{submitted["queueId"]}}}","attemptsMade":0,"attempts":10,"nextAttempt":"2026-01-02T03:04:10.200Z"}}""",
            error.ToJsonString(Http.EngineJson.Options));
        Assert.Equal((1, "error", 451), ((int)waiting["attemptsMade"]!, (string)waiting["progress"]!["status"]!, (int)waiting["progress"]!["error"]!["statusCode"]!));
    }

    [Theory]
    [InlineData("permanent", "healthy", "Error: Message failed: 550 5.7.1 Message refused")]
    [InlineData("none", "refusesPassword", "Error: Invalid login: 535 5.7.8 Authentication failed")]
    public async Task A_refused_mail_has_failed_at_once(string fault, string server, string error)
    {
        await using var simulator = await StartAsync();
        await simulator.CallAsync("PUT", "/simulator/mailboxes/amy/next-delivery", new JsonObject { ["fault"] = fault });
        await simulator.SendAsync("PUT", "/simulator/mailboxes/amy/server", new JsonObject { ["behaviour"] = server });
        var submitted = await SubmitAsync(simulator, []);

        await simulator.Receiver.WaitForAsync("amy", Events.MessageDeliveryError);
        var failed = (await simulator.Receiver.WaitForAsync("amy", Events.MessageFailed)).Data;

        Assert.Equal(
            $$"""{"messageId":"{{submitted["messageId"]}}","queueId":"{{submitted["queueId"]}}","error":"{{error}}","networkRouting":null}""",
            failed.ToJsonString(Http.EngineJson.Options));
        Assert.Equal(0, (int)(await simulator.CallAsync("GET", "/v1/outbox"))["total"]!);
    }

    [Fact]
    public async Task An_unreachable_server_is_tried_as_often_as_was_asked_for()
    {
        await using var simulator = await StartAsync();
        await simulator.SendAsync("PUT", "/simulator/mailboxes/amy/server", new JsonObject { ["behaviour"] = "unreachable" });
        await SubmitAsync(simulator, new JsonObject { ["deliveryAttempts"] = 2 });
        var first = (await simulator.Receiver.WaitForAsync("amy", Events.MessageDeliveryError)).Data;

        _time.Advance(TimeSpan.FromSeconds(5));

        var second = (await simulator.Receiver.WaitForAsync("amy", Events.MessageDeliveryError, count: 2)).Data;
        await simulator.Receiver.WaitForAsync("amy", Events.MessageFailed);
        Assert.Equal("ESOCKET", (string)first["errorCode"]!);
        Assert.Equal("""{"attemptsMade":1,"attempts":2,"nextAttempt":false}""", Without(second["job"]!, "id"));
    }

    [Fact]
    public async Task A_mail_to_nobody_fails()
    {
        await using var simulator = await StartAsync();

        await simulator.CallAsync("POST", "/v1/account/amy/submit", new JsonObject { ["subject"] = "To nobody" });
        _time.Advance(TimeSpan.Zero);

        Assert.Equal("Error: No recipients defined", (string)(await simulator.Receiver.WaitForAsync("amy", Events.MessageFailed)).Data["error"]!);
    }

    private static string Without(JsonNode node, string key)
    {
        var copy = node.DeepClone().AsObject();
        copy.Remove(key);
        return copy.ToJsonString();
    }

    private async Task<RunningSimulator> StartAsync()
    {
        var simulator = await RunningSimulator.StartAsync(_time);
        await simulator.CallAsync("POST", "/v1/account", Requests.Account("amy", "amy@example.com"));
        _time.Advance(TimeSpan.FromMilliseconds(200));
        await simulator.Receiver.WaitForAsync("amy", Events.AccountInitialized);
        return simulator;
    }

    private async Task<JsonObject> SubmitAsync(RunningSimulator simulator, JsonObject further)
    {
        further["to"] = new JsonArray(Requests.Json("""{ "address": "bob@example.org" }"""));
        var answer = await simulator.CallAsync("POST", "/v1/account/amy/submit", further);
        _time.Advance(TimeSpan.Zero);
        return answer;
    }
}
