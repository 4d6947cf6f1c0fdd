using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;

namespace EmailEngineSimulator.Tests;

/// <summary>What <c>submit</c> accepts, and what becomes of it.</summary>
public sealed class SubmissionTests(SharedSimulator shared)
{
    private readonly RunningSimulator _simulator = shared.Simulator;

    [Theory]
    [InlineData("""{"to":[{"address":"user@corp.test"}]}""", "\"to[0].address\" must be a valid email")]
    [InlineData("""{"to":[{"address":"user@example.com"},{"address":"no address"}]}""", "\"to[1].address\" must be a valid email")]
    [InlineData("""{"cc":[{"name":"Nobody"}]}""", "\"cc[0].address\" is required")]
    [InlineData("""{"to":"user@example.com"}""", "\"to[0]\" must be of type object")]
    [InlineData("""{"subject":1}""", "\"subject\" must be a string")]
    [InlineData("""{"sendAt":"soon"}""", "\"sendAt\" must be in ISO 8601 date format")]
    [InlineData("""{"reference":{"message":"x","action":"shout"}}""", "\"reference.action\" must be one of [forward, reply, reply-all]")]
    [InlineData("""{"attachments":[{"filename":"a"}]}""", "\"attachments[0].content\" is required")]
    [InlineData("""{"attachments":[{"content":"%"}]}""", "\"attachments[0].content\" must be a valid base64 string")]
    [InlineData("""{"copy":"perhaps","subjekt":"Hi"}""", "\"copy\" must be a boolean; \"subjekt\" is not allowed")]
    [InlineData("""{"raw":"Zm9v"}""", "\"raw\" is not supported by the simulator")]
    public async Task A_wrong_request_is_refused_in_the_words_of_EmailEngine(string body, string problem)
    {
        var account = await NewAccountAsync();

        var answer = await _simulator.SendAsync("POST", $"/v1/account/{account}/submit", JsonNode.Parse(body));

        Assert.Equal((400, problem), (answer.Status, answer.ErrorText));
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_refused()
    {
        var account = await NewAccountAsync();
        using var content = new StringContent("{", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

        using var response = await _simulator.Api.PostAsync($"/v1/account/{account}/submit", content, TestContext.Current.CancellationToken);

        Assert.Equal(
            """{"statusCode":400,"error":"Bad Request","message":"Invalid request payload JSON format"}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_key_that_was_used_before_gives_the_first_answer_and_sends_nothing()
    {
        var account = await NewAccountAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SubmitAsync(account, "key-1", "Once")));

        await _simulator.Receiver.WaitForAsync(account, "messageSent");
        Assert.Single(answers.Select(answer => (string)answer["queueId"]!).Distinct());
        Assert.Single(answers.Select(answer => (string)answer["messageId"]!).Distinct());
        Assert.Equal(1, answers.Count(answer => answer["idempotency"]!.ToJsonString() == """{"key":"key-1","status":"MISS"}"""));
        Assert.Equal(7, answers.Count(answer => answer["idempotency"]!.ToJsonString() == """{"key":"key-1","status":"HIT"}"""));
        Assert.Single(_simulator.Receiver.All, webhook => webhook.Account == account && webhook.Event == "messageSent");
    }

    [Theory]
    [InlineData("  key-2  ", "key-2")]
    [InlineData("\"key-2\"", "key-2")]
    public async Task A_key_is_the_same_with_and_without_quotes(string given, string key)
    {
        var account = await NewAccountAsync();

        var (first, second) = (await SubmitAsync(account, given, "Once"), await SubmitAsync(account, key, "Once"));

        Assert.Equal(("MISS", "HIT"), ((string)first["idempotency"]!["status"]!, (string)second["idempotency"]!["status"]!));
    }

    [Theory]
    [InlineData("Idempotency-Key", "\"idempotency-key\" length must be less than or equal to 1024 characters long")]
    [InlineData("X-EE-Timeout", "\"x-ee-timeout\" must be a number")]
    public async Task A_wrong_header_is_refused(string header, string problem)
    {
        var account = await NewAccountAsync();

        var answer = await _simulator.SendAsync("POST", $"/v1/account/{account}/submit", Requests.Json("{}"), (header, new string('k', 1025)));

        Assert.Equal((400, problem), (answer.Status, answer.ErrorText));
    }

    [Fact]
    public async Task A_key_belongs_to_its_account_and_a_refused_request_does_not_use_it_up()
    {
        var (one, other) = (await NewAccountAsync(), await NewAccountAsync());
        var refused = await _simulator.SendAsync("POST", $"/v1/account/{one}/submit", Requests.Json("""{"reference":{"message":"AAAAAQAAAAE"}}"""), ("Idempotency-Key", "k"));

        var answers = new[] { await SubmitAsync(one, "k", "First"), await SubmitAsync(other, "k", "Second") };

        Assert.Equal(404, refused.Status);
        Assert.All(answers, answer => Assert.Equal("MISS", (string)answer["idempotency"]!["status"]!));
    }

    [Fact]
    public async Task A_sent_mail_is_announced_copied_to_Sent_and_arrives_at_recipients_who_are_simulated_too()
    {
        var (amy, ben) = (await NewAccountAsync(), await NewAccountAsync());
        var submitted = await _simulator.CallAsync("POST", $"/v1/account/{amy}/submit", Requests.Json($$"""
            {
              "to": { "name": "Ben", "address": "{{ben.ToUpperInvariant()}}@EXAMPLE.com" },
              "bcc": [{ "address": "eve@example.org" }],
              "subject": "Proposal", "text": "Hi", "html": "<p>Hi</p>",
              "attachments": [{ "filename": "a.txt", "contentType": "text/plain", "content": "aGk=" }]
            }
            """));

        var sent = await _simulator.Receiver.WaitForAsync(amy, "messageSent");
        var copy = (await _simulator.Receiver.WaitForAsync(amy, "messageNew")).Data;
        var arrived = (await _simulator.Receiver.WaitForAsync(ben, "messageNew")).Data;

        var id = (string)submitted["messageId"]!;
        Assert.Equal((id, id, id), ((string)sent.Data["messageId"]!, (string)copy["messageId"]!, (string)arrived["messageId"]!));
        Assert.Equal((string)submitted["queueId"]!, (string)sent.Data["queueId"]!);
        Assert.Equal(2, sent.Data["envelope"]!["to"]!.AsArray().Count);
        Assert.Equal(("\\Sent", "eve@example.org", null), ((string)copy["messageSpecialUse"]!, (string)copy["bcc"]![0]!["address"]!, (bool?)copy["unseen"]));
        Assert.Equal(("\\Inbox", null, "a.txt"), ((string)arrived["messageSpecialUse"]!, arrived["bcc"], (string)arrived["attachments"]![0]!["filename"]!));
    }

    [Theory]
    [InlineData("never", 0)]
    [InlineData("once", 1)]
    [InlineData("twice", 2)]
    public async Task The_Sent_copy_is_announced_as_often_as_the_switch_says(string announced, int times)
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await simulator.AddAccountAsync("amy");
        await simulator.CallAsync("PUT", "/simulator/switches", new JsonObject { ["sentCopy"] = announced });

        await simulator.CallAsync("POST", "/v1/account/amy/submit", Requests.Json("""{ "to": [{ "address": "bob@example.org" }], "subject": "Proposal" }"""));

        await WaitForSentCopyAsync(simulator, "amy");
        await simulator.DeliverAsync("amy", new JsonObject { ["subject"] = "Afterwards" });
        await simulator.Receiver.WaitUntilAsync(all => all.Any(webhook => webhook.Event == "messageNew" && (string?)webhook.Data["subject"] == "Afterwards"), seen => seen, "the mail after it");
        Assert.Equal(times, simulator.Receiver.All.Count(webhook => webhook.Event == "messageNew" && (string?)webhook.Data["subject"] == "Proposal"));
    }

    [Fact]
    public async Task A_server_that_replaces_the_Message_ID_is_announced_with_both()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await simulator.AddAccountAsync("amy");
        await simulator.CallAsync("PUT", "/simulator/switches", new JsonObject { ["rewriteMessageIds"] = true });

        var submitted = await simulator.CallAsync("POST", "/v1/account/amy/submit", Requests.Json("""{ "to": [{ "address": "bob@example.org" }] }"""));

        var sent = (await simulator.Receiver.WaitForAsync("amy", "messageSent")).Data;
        var copy = (await simulator.Receiver.WaitForAsync("amy", "messageNew")).Data;
        Assert.Equal((string)submitted["messageId"]!, (string)sent["originalMessageId"]!);
        Assert.NotEqual((string)submitted["messageId"]!, (string)sent["messageId"]!);
        Assert.Equal((string)sent["messageId"]!, (string)copy["messageId"]!);
    }

    [Theory]
    [InlineData("reply", "Re: Contract", "<in@example.org>", "bob@example.org", 0)]
    [InlineData("reply-all", "Re: Contract", "<in@example.org>", "bob@example.org,dave@example.net,carol@example.net", 0)]
    [InlineData("forward", "Fwd: Contract", null, "zoe@example.org", 1)]
    public async Task An_answer_stays_in_its_thread(string action, string subject, string? inReplyTo, string recipients, int attachments)
    {
        var account = await NewAccountAsync();
        var message = await _simulator.DeliverAsync(account, Requests.Json($$"""
            {
              "from": { "address": "bob@example.org" }, "to": [{ "address": "{{account}}@example.com" }, { "address": "dave@example.net" }],
              "cc": [{ "address": "carol@example.net" }], "subject": "Contract", "messageId": "<in@example.org>",
              "inReplyTo": "<root@example.com>", "references": "<first@example.com> <root@example.com>",
              "attachments": [{ "filename": "contract.pdf", "content": "aGk=" }]
            }
            """));
        var body = new JsonObject { ["reference"] = new JsonObject { ["message"] = message, ["action"] = action, ["forwardAttachments"] = true }, ["text"] = "Fine." };
        if (action == "forward")
        {
            body["to"] = Requests.Json("""{ "address": "zoe@example.org" }""");
        }

        var answer = await _simulator.CallAsync("POST", $"/v1/account/{account}/submit", body);

        var sent = await _simulator.Receiver.WaitForAsync(account, "messageSent");
        var updated = await _simulator.Receiver.WaitForAsync(account, "messageUpdated");
        var copy = (await _simulator.Receiver.WaitForAsync(account, "messageNew", count: 2)).Data;
        Assert.True((bool)answer["reference"]!["success"]!);
        Assert.Equal((subject, inReplyTo), ((string)copy["subject"]!, (string?)copy["inReplyTo"]));
        Assert.Equal("<in@example.org> <root@example.com> <first@example.com>", (string)copy["headers"]!["references"]![0]!);
        Assert.Equal(recipients, string.Join(',', sent.Data["envelope"]!["to"]!.AsArray().Select(address => (string)address!)));
        Assert.Equal(attachments, copy["attachments"]?.AsArray().Count ?? 0);
        Assert.Contains("\\\\Answered", updated.Data["changes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_reference_is_refused_unless_that_is_allowed()
    {
        var account = await NewAccountAsync();

        var refused = await _simulator.SendAsync("POST", $"/v1/account/{account}/submit", Requests.Json("""{"reference":{"message":"AAAAAQAAAAk"},"to":[{"address":"bob@example.org"}]}"""));
        var allowed = await _simulator.CallAsync("POST", $"/v1/account/{account}/submit", Requests.Json("""{"reference":{"message":"AAAAAQAAAAk","ignoreMissing":true},"to":[{"address":"bob@example.org"}]}"""));

        Assert.Equal((404, "ReferenceNotFound"), (refused.Status, (string?)refused.Body!["code"]));
        Assert.Equal((false, "Referenced message was not found"), ((bool)allowed["reference"]!["success"]!, (string)allowed["reference"]!["error"]!));
    }

    private static async Task WaitForSentCopyAsync(RunningSimulator simulator, string account)
    {
        var store = simulator.Service<Accounts.AccountDirectory>().Get(account);
        await Eventually.HoldsAsync(() => Count() == 1, () => $"{Count()} messages in Sent");

        int Count()
        {
            lock (store.Gate)
            {
                return store.FindFolder("Sent")!.Messages.Count;
            }
        }
    }

    private async Task<JsonObject> SubmitAsync(string account, string key, string subject)
    {
        var body = new JsonObject { ["to"] = new JsonArray(Requests.Json("""{ "address": "bob@example.org" }""")), ["subject"] = subject };
        return (await _simulator.SendAsync("POST", $"/v1/account/{account}/submit", body, ("Idempotency-Key", key))).Expect(200);
    }

    private async Task<string> NewAccountAsync()
    {
        var account = _simulator.NewAccountId();
        await _simulator.AddAccountAsync(account);
        return account;
    }
}
