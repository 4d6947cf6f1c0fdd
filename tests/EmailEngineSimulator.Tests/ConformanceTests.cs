using System.Text.Json.Nodes;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Tests.Running;

namespace EmailEngineSimulator.Tests;

/// <summary>Every operation of <c>openapi.json</c> is called, and what it answers is what the description promises.</summary>
public sealed class ConformanceTests(SharedSimulator shared)
{
    private static readonly ApiDescription Description = new();

    private readonly RunningSimulator _simulator = shared.Simulator;

    /// <summary>Method, path of the description, the call (with the ids of <see cref="Prepared"/> in it) and its body.</summary>
    public static TheoryData<string, string, string, string?> Calls => new()
    {
        { "POST", "/v1/authentication/form", "", """{"name":"Amy","email":"amy@example.com","redirectUrl":"https://crm.example.com/done"}""" },
        { "POST", "/v1/account", "", """{"account":null,"name":"New","email":"new@example.com"}""" },
        { "GET", "/v1/account/{account}", "", null },
        { "PUT", "/v1/account/{account}", "", """{"name":"Renamed","imap":{"partial":true,"sentMailPath":"Sent"}}""" },
        { "PUT", "/v1/account/{account}/reconnect", "", """{"reconnect":false}""" },
        { "GET", "/v1/accounts", "?pageSize=1000", null },
        { "GET", "/v1/accounts", "?state=connected&query=account-", null },
        { "GET", "/v1/account/{account}/mailboxes", "?counters=true", null },
        { "GET", "/v1/account/{account}/mailboxes", "", null },
        { "GET", "/v1/account/{account}/messages", "?path=INBOX&pageSize=1", null },
        { "GET", "/v1/account/{account}/messages", "?path=%5CSent", null },
        { "PUT", "/v1/account/{account}/messages", "?path=INBOX", """{"search":{"unseen":true},"update":{"flags":{"add":["\\Flagged"]}}}""" },
        { "POST", "/v1/account/{account}/search", "?path=INBOX", """{"search":{"subject":"Contract"}}""" },
        { "GET", "/v1/account/{account}/message/{message}", "?textType=*", null },
        { "GET", "/v1/account/{account}/message/{message}", "?markAsSeen=true", null },
        { "PUT", "/v1/account/{account}/message/{message}", "", """{"flags":{"add":["\\Seen"],"delete":["\\Flagged"]}}""" },
        { "GET", "/v1/account/{account}/text/{text}", "?textType=*&maxBytes=3", null },
        { "POST", "/v1/account/{account}/submit", "", """{"to":[{"address":"bob@example.org"}],"subject":"Hi","text":"Hi"}""" },
        { "POST", "/v1/account/{account}/submit", "", """{"reference":{"message":"{message}"},"text":"Hi","dryRun":true}""" },
        { "GET", "/v1/outbox", "", null },
        { "GET", "/v1/outbox/{queueId}", "", null },
        { "DELETE", "/v1/outbox/{queueId}", "", null },
        { "GET", "/v1/settings", "?webhooks=true&webhooksEnabled=true&webhookEvents=true&serviceSecret=true&serviceUrl=true&notifyText=true&notifyHeaders=true", null },
        { "POST", "/v1/settings", "", """{"notifyTextSize":65536}""" },
        { "GET", "/v1/stats", "", null },
        { "DELETE", "/v1/account/{account}/message/{message}", "", null },
        { "DELETE", "/v1/account/{account}/message/{message}", "?force=true", null },
        { "DELETE", "/v1/account/{account}", "", null },
    };

    public static TheoryData<string, string, string, string?, int> Refusals => new()
    {
        { "POST", "/v1/authentication/form", "", "{}", 400 },
        { "POST", "/v1/account", "", """{"account":"x","email":"amy@corp.test"}""", 400 },
        { "GET", "/v1/account/{nobody}", "", null, 404 },
        { "PUT", "/v1/account/{nobody}", "", "{}", 404 },
        { "DELETE", "/v1/account/{nobody}", "", null, 404 },
        { "PUT", "/v1/account/{nobody}/reconnect", "", """{"reconnect":true}""", 404 },
        { "GET", "/v1/accounts", "?pageSize=0", null, 400 },
        { "GET", "/v1/account/{nobody}/mailboxes", "", null, 404 },
        { "GET", "/v1/account/{account}/messages", "", null, 400 },
        { "GET", "/v1/account/{account}/messages", "?path=Nowhere", null, 404 },
        { "GET", "/v1/account/{account}/messages", "?path=INBOX&cursor=imap_nonsense", null, 400 },
        { "POST", "/v1/account/{account}/search", "?path=INBOX", "{}", 400 },
        { "POST", "/v1/account/{account}/search", "?path=INBOX", """{"search":{"gmailRaw":"x"}}""", 422 },
        { "GET", "/v1/account/{account}/message/{missing}", "", null, 404 },
        { "GET", "/v1/account/{account}/attachment/{missing}", "", null, 404 },
        { "GET", "/v1/account/{account}/text/{missing}", "", null, 404 },
        { "POST", "/v1/account/{account}/submit", "", """{"reference":{"message":"{missing}"}}""", 404 },
        { "GET", "/v1/outbox/{missing}", "", null, 404 },
        { "POST", "/v1/settings", "", """{"webhooks":"not a url"}""", 400 },
        { "GET", "/v1/settings", "?unheardOf=true", null, 400 },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_answer_is_what_the_description_promises(string method, string path, string query, string? body)
    {
        var prepared = await Prepared.CreateAsync(_simulator);

        var answer = await _simulator.SendAsync(method, prepared.Fill(path) + query, body is null ? null : JsonNode.Parse(prepared.Fill(body)));

        answer.Expect(200);
        AssertPromised(method, path, answer);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_is_what_the_description_promises(string method, string path, string query, string? body, int status)
    {
        var prepared = await Prepared.CreateAsync(_simulator);
        var described = path.Replace("{nobody}", "{account}", StringComparison.Ordinal).Replace("message/{missing}", "message/{message}", StringComparison.Ordinal)
            .Replace("attachment/{missing}", "attachment/{attachment}", StringComparison.Ordinal).Replace("text/{missing}", "text/{text}", StringComparison.Ordinal)
            .Replace("outbox/{missing}", "outbox/{queueId}", StringComparison.Ordinal);

        var answer = await _simulator.SendAsync(method, prepared.Fill(path) + query, body is null ? null : JsonNode.Parse(prepared.Fill(body)));

        answer.Expect(status);
        AssertPromised(method, described, answer);
    }

    [Fact]
    public async Task An_attachment_is_downloaded_as_it_was_sent()
    {
        var prepared = await Prepared.CreateAsync(_simulator);

        using var response = await _simulator.Api.GetAsync(prepared.Fill("/v1/account/{account}/attachment/{attachment}"), TestContext.Current.CancellationToken);

        Assert.Equal("application/pdf", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("%PDF"u8.ToArray(), await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void No_operation_of_the_description_is_left_out()
    {
        HashSet<string> called = [.. Calls.Select(call => $"{call.Data.Item1} {call.Data.Item2}"), "GET /v1/account/{account}/attachment/{attachment}"];

        Assert.Equal(Description.Operations().Order(), called.Order());
    }

    /// <summary>The check itself: an answer that breaks the description is noticed.</summary>
    [Theory]
    [InlineData("""{"url":"http://a.example.com/","more":1}""", "\"more\" is not allowed")]
    [InlineData("""{"url":1}""", "\"url\" must be a string")]
    [InlineData("""{"url":"ftp://a.example.com/"}""", "\"url\" must be a valid uri with a scheme matching the http|https pattern")]
    [InlineData("{}", "\"url\" is required")]
    [InlineData("[]", "\"value\" must be of type object")]
    public void An_answer_that_breaks_the_description_is_noticed(string answer, string problem) =>
        Assert.Equal(problem, string.Join("; ", Problems("POST", "/v1/authentication/form", 200, JsonNode.Parse(answer))));

    private static void AssertPromised(string method, string path, Answer answer) =>
        Assert.Empty(Problems(method, path, answer.Status, answer.Body));

    private static IEnumerable<string> Problems(string method, string path, int status, JsonNode? body)
    {
        var schema = Description.Operation(method, path).GetProperty("responses").GetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        var reader = new SchemaReader(Description, SchemaReading.Response);
        reader.Read(schema, body, "value");
        return reader.Errors.Select(error => error.Message);
    }

    /// <summary>An account with a mail in INBOX, one in Sent that bounced, and one waiting in the outbox.</summary>
    private sealed record Prepared(string Account, string Message, string Attachment, string Text, string QueueId)
    {
        public static async Task<Prepared> CreateAsync(RunningSimulator simulator)
        {
            var account = simulator.NewAccountId();
            await simulator.AddAccountAsync(account);
            var message = await simulator.DeliverAsync(account, Requests.Json("""
                {
                  "from": { "name": "Bob", "address": "bob@example.org" },
                  "cc": [{ "address": "carol@example.net" }],
                  "subject": "Contract",
                  "text": "see attached\n",
                  "html": "<p>see attached</p>\n",
                  "inReplyTo": "<root@example.com>",
                  "headers": { "Auto-Submitted": "auto-replied" },
                  "attachments": [{ "filename": "contract.pdf", "contentType": "application/pdf", "content": "JVBERg==" }],
                  "emailId": "e1", "threadId": "t1", "labels": ["\\Inbox"]
                }
                """));
            var sent = await simulator.DeliverAsync(account, Requests.Json("""{ "folder": "Sent", "flags": ["\\Seen"], "to": [{ "address": "nobody@example.org" }] }"""));
            await simulator.CallAsync("POST", $"/simulator/mailboxes/{account}/messages/{sent}/bounce", new JsonObject());
            var read = await simulator.CallAsync("GET", $"/v1/account/{account}/message/{message}");
            var queued = await simulator.CallAsync("POST", $"/v1/account/{account}/submit", Requests.Json("""{ "to": [{ "address": "bob@example.org" }], "sendAt": "2099-01-01T00:00:00Z" }"""));
            return new(account, message, (string)read["attachments"]![0]!["id"]!, (string)read["text"]!["id"]!, (string)queued["queueId"]!);
        }

        public string Fill(string template) => template
            .Replace("{account}", Account, StringComparison.Ordinal).Replace("{message}", Message, StringComparison.Ordinal)
            .Replace("{attachment}", Attachment, StringComparison.Ordinal).Replace("{text}", Text, StringComparison.Ordinal)
            .Replace("{queueId}", QueueId, StringComparison.Ordinal).Replace("{nobody}", "nobody", StringComparison.Ordinal)
            .Replace("{missing}", "AAAAAQAAD_8", StringComparison.Ordinal);
    }
}
