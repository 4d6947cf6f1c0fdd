using System.Text;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;
using EmailEngineSimulator.Webhooks;

namespace EmailEngineSimulator.Tests;

/// <summary>Which events are sent, where, and with what of the mail in them.</summary>
public sealed class WebhookSelectionTests
{
    [Fact]
    public async Task Only_the_events_that_were_asked_for_are_sent()
    {
        await using var simulator = await RunningSimulator.StartAsync(settings: new JsonObject { ["webhookEvents"] = new JsonArray("accountInitialized", "messageNew") });
        await simulator.AddAccountAsync("amy");
        await simulator.DeliverAsync("amy", new JsonObject());
        await simulator.Receiver.WaitForAsync("amy", "messageNew");

        Assert.Equal(["accountInitialized", "messageNew"], simulator.Receiver.All.Select(webhook => webhook.Event));
    }

    [Fact]
    public async Task Nothing_is_sent_while_webhooks_are_off()
    {
        await using var simulator = await RunningSimulator.StartAsync(settings: new JsonObject { ["webhooksEnabled"] = false });
        await simulator.CallAsync("POST", "/v1/account", Requests.Account("amy", "amy@example.com"));
        var queue = simulator.Service<WebhookQueue>();

        await Eventually.HoldsAsync(() => queue.Last(10).Any() && queue.Last(10).All(webhook => webhook.Progress.State == WebhookState.Skipped), () => "an event that was not skipped");
        Assert.Empty(simulator.Receiver.All);
    }

    [Fact]
    public async Task An_account_can_have_a_receiver_of_its_own()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await simulator.AddAccountAsync("amy", further: new JsonObject { ["webhooks"] = simulator.Receiver.Url.Replace("/webhooks", "/own", StringComparison.Ordinal) });
        await simulator.AddAccountAsync("ben");

        Assert.All(simulator.Receiver.All, webhook => Assert.Equal(webhook.Account == "amy" ? "/own" : "/webhooks", webhook.Path));
    }

    [Fact]
    public async Task Custom_headers_of_the_instance_and_of_the_account_are_sent_along()
    {
        await using var simulator = await RunningSimulator.StartAsync(settings: Requests.Json("""{ "webhooksCustomHeaders": [{ "key": "X-Instance", "value": "1" }] }"""));
        await simulator.AddAccountAsync("amy", further: Requests.Json("""{ "webhooksCustomHeaders": [{ "key": "X-Account", "value": "2" }] }"""));

        var webhook = await simulator.Receiver.WaitForAsync("amy", "accountInitialized");

        Assert.Equal(("1", "2"), (webhook.Headers["x-instance"], webhook.Headers["x-account"]));
    }

    [Theory]
    [InlineData("""{ "notifyText": true, "notifyTextSize": 4, "notifyHeaders": [] }""", """{"plain":"Grü","html":"<p>G","hasMore":true}""", null)]
    [InlineData("""{ "notifyText": true, "notifyHeaders": ["x-mailer"] }""", """{"plain":"Grüße 😀","html":"<p>Grüße</p>","hasMore":false}""", """{"x-mailer":["Phone"]}""")]
    [InlineData("""{ "notifyText": false, "notifyHeaders": ["X-Mailer"] }""", "{}", null)]
    public async Task The_settings_decide_how_much_of_a_mail_is_in_the_event(string settings, string text, string? headers)
    {
        await using var simulator = await RunningSimulator.StartAsync(settings: Requests.Json(settings));
        await simulator.AddAccountAsync("amy");

        await simulator.DeliverAsync("amy", Requests.Json("""{ "text": "Grüße 😀", "html": "<p>Grüße</p>", "headers": { "X-Mailer": "Phone" } }"""));

        var data = (await simulator.Receiver.WaitForAsync("amy", "messageNew")).Data;
        var content = data["text"]!.AsObject();
        content.Remove("id");
        content.Remove("encodedSize");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), content), content.ToJsonString());
        Assert.True(JsonNode.DeepEquals(headers is null ? null : JsonNode.Parse(headers), data["headers"]), data["headers"]?.ToJsonString());
    }

    [Fact]
    public async Task A_body_is_UTF_8_that_escapes_no_more_than_JavaScript_does()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await simulator.AddAccountAsync("amy");

        await simulator.DeliverAsync("amy", new JsonObject { ["subject"] = "\"世界\" \\ <ü> 😀 \u0000\u001f\t\u2028" });

        var raw = Encoding.UTF8.GetString((await simulator.Receiver.WaitForAsync("amy", "messageNew")).Raw);
        Assert.Contains("\"subject\":\"\\\"世界\\\" \\\\ <ü> 😀 \\u0000\\u001f\\t\u2028\"", raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_does_not_know_its_address_says_null_and_makes_no_links()
    {
        await using var simulator = await RunningSimulator.StartAsync(settings: new JsonObject { ["serviceUrl"] = null });
        await simulator.AddAccountAsync("amy");

        var link = await simulator.SendAsync("POST", "/v1/authentication/form", new JsonObject { ["redirectUrl"] = "https://crm.example.com/" });

        Assert.StartsWith("""{"serviceUrl":null,"account":"amy",""", Encoding.UTF8.GetString(simulator.Receiver.All[0].Raw), StringComparison.Ordinal);
        Assert.Equal((500, "MissingServiceURLSetup"), (link.Status, (string)link.Body!["code"]!));
    }

    [Fact]
    public async Task Any_bytes_can_be_sent_with_a_valid_signature()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await simulator.AddAccountAsync("amy");
        using var content = new ByteArrayContent([0xff, 0x00, (byte)'{']);

        using var response = await simulator.Anybody.PostAsync("/simulator/webhooks?account=amy&event=messageNew", content, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
        var received = await simulator.Receiver.WaitUntilAsync(all => all.FirstOrDefault(webhook => webhook.Raw.Length == 3), webhook => webhook is not null, "three bytes");
        Assert.Equal(Signature.Of([0xff, 0x00, (byte)'{']), received!.Headers["x-ee-wh-signature"]);
    }
}
