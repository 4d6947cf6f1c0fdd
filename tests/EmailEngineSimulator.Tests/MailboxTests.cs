using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;

namespace EmailEngineSimulator.Tests;

/// <summary>What happens to messages, and how they are found.</summary>
public sealed class MailboxTests(SharedSimulator shared)
{
    private readonly RunningSimulator _simulator = shared.Simulator;

    [Fact]
    public async Task A_moved_message_comes_again_under_a_new_id_and_is_gone_under_the_old()
    {
        var account = await NewAccountAsync();
        var id = await _simulator.DeliverAsync(account, new JsonObject { ["messageId"] = "<moved@example.org>" });

        var moved = await _simulator.CallAsync("POST", $"/simulator/mailboxes/{account}/messages/{id}/move", new JsonObject { ["folder"] = "Clients" });

        var again = await _simulator.Receiver.WaitForAsync(account, "messageNew", count: 2);
        var gone = await _simulator.Receiver.WaitForAsync(account, "messageDeleted");
        Assert.Equal(("<moved@example.org>", false, "Clients"), ((string)again.Data["messageId"]!, (bool)again.Data["seemsLikeNew"]!, (string)again.Body["path"]!));
        Assert.Equal((string)moved["id"]!, (string)again.Data["id"]!);
        Assert.Equal((id, "INBOX"), ((string)gone.Data["id"]!, (string)gone.Body["path"]!));
        Assert.NotEqual(id, (string)again.Data["id"]!);
        Assert.Equal(404, (await _simulator.SendAsync("GET", $"/v1/account/{account}/message/{id}")).Status);
    }

    [Fact]
    public async Task A_copied_message_is_in_both_folders()
    {
        var account = await NewAccountAsync();
        var id = await _simulator.DeliverAsync(account, new JsonObject());

        await _simulator.CallAsync("POST", $"/simulator/mailboxes/{account}/messages/{id}/copy", new JsonObject { ["folder"] = "Clients" });

        await _simulator.Receiver.WaitForAsync(account, "messageNew", count: 2);
        Assert.Equal((1, 1), ((int)(await ListAsync(account, "?path=INBOX"))["total"]!, (int)(await ListAsync(account, "?path=Clients"))["total"]!));
    }

    [Fact]
    public async Task Deleting_moves_to_Trash_and_from_there_for_good()
    {
        var account = await NewAccountAsync();
        var id = await _simulator.DeliverAsync(account, new JsonObject());

        var first = await _simulator.CallAsync("DELETE", $"/v1/account/{account}/message/{id}");
        var second = await _simulator.CallAsync("DELETE", $"/v1/account/{account}/message/{first["moved"]!["message"]}");

        Assert.Equal((false, "Trash", true), ((bool)first["deleted"]!, (string)first["moved"]!["destination"]!, (bool)second["deleted"]!));
        Assert.Equal(0, (int)(await ListAsync(account, "?path=%5CTrash"))["total"]!);
    }

    [Fact]
    public async Task A_bounce_is_kept_with_the_mail_that_bounced()
    {
        var account = await NewAccountAsync();
        var sent = await _simulator.DeliverAsync(account, Requests.Json("""{ "folder": "Sent", "to": [{ "address": "nobody@example.org" }] }"""));

        await _simulator.CallAsync("POST", $"/simulator/mailboxes/{account}/messages/{sent}/bounce", Requests.Json("""{ "response": "452 4.2.2 Mailbox full" }"""));

        var bounce = (await _simulator.CallAsync("GET", $"/v1/account/{account}/message/{sent}"))["bounces"]![0]!;
        Assert.Equal(("nobody@example.org", "4.2.2"), ((string)bounce["recipient"]!, (string)bounce["response"]!["status"]!));
    }

    [Theory]
    [InlineData("""{"from":"BOB"}""", "b,a")]
    [InlineData("""{"from":"carol@example.net"}""", "c")]
    [InlineData("""{"to":"deal-42"}""", "c")]
    [InlineData("""{"cc":"dave"}""", "b")]
    [InlineData("""{"subject":"contract"}""", "c")]
    [InlineData("""{"body":"attached"}""", "c")]
    [InlineData("""{"header":{"Message-ID":"<b@example.org>"}}""", "b")]
    [InlineData("""{"header":{"X-Mailer":""}}""", "a")]
    [InlineData("""{"unseen":true}""", "c,b")]
    [InlineData("""{"seen":true}""", "a")]
    [InlineData("""{"flagged":true}""", "a")]
    [InlineData("""{"uid":"2:*"}""", "c,b")]
    [InlineData("""{"uid":"1,3"}""", "c,a")]
    [InlineData("""{"since":"2026-01-02T00:00:00Z"}""", "c,b")]
    [InlineData("""{"before":"2026-01-02T00:00:00Z"}""", "a")]
    [InlineData("""{"emailId":"e-a"}""", "a")]
    [InlineData("""{"from":"bob","seen":true}""", "a")]
    [InlineData("{}", "c,b,a")]
    public async Task A_search_finds_what_meets_all_criteria_newest_first(string search, string found)
    {
        var account = await NewAccountAsync();
        await _simulator.DeliverAsync(account, Requests.Json("""{ "subject": "a", "emailId": "e-a", "date": "2026-01-01T10:00:00Z", "flags": ["\\Seen", "\\Flagged"], "headers": { "X-Mailer": "Phone" } }"""));
        await _simulator.DeliverAsync(account, Requests.Json("""{ "subject": "b", "messageId": "<b@example.org>", "date": "2026-01-02T10:00:00Z", "cc": [{ "address": "dave@example.org" }] }"""));
        await _simulator.DeliverAsync(account, Requests.Json("""{ "subject": "c Contract", "date": "2026-01-03T10:00:00Z", "from": { "address": "carol@example.net" }, "to": [{ "address": "deal-42@example.com" }], "text": "see attached" }"""));

        var answer = await _simulator.CallAsync("POST", $"/v1/account/{account}/search?path=INBOX", new JsonObject { ["search"] = JsonNode.Parse(search) });

        Assert.Equal(found, string.Join(',', answer["messages"]!.AsArray().Select(message => ((string)message!["subject"]!)[..1])));
    }

    [Fact]
    public async Task A_listing_is_walked_by_pages_and_by_cursors()
    {
        var account = await NewAccountAsync();
        foreach (var subject in new[] { "1", "2", "3", "4", "5" })
        {
            await _simulator.DeliverAsync(account, new JsonObject { ["subject"] = subject });
        }

        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = await ListAsync(account, $"?path=INBOX&pageSize=2&cursor={cursor}");
            seen.Add(Subjects(page));
            cursor = (string?)page["nextPageCursor"];
        }
        while (cursor is not null);

        Assert.Equal(["5,4", "3,2", "1"], seen);
        Assert.Equal("1", Subjects(await ListAsync(account, "?path=INBOX&pageSize=2&page=2")));
        Assert.Equal("", Subjects(await ListAsync(account, "?path=INBOX&pageSize=2&page=1048576")));

        static string Subjects(JsonObject page) => string.Join(',', page["messages"]!.AsArray().Select(message => (string)message!["subject"]!));
    }

    [Theory]
    [InlineData("Automatic reply: Hi", null, true)]
    [InlineData("Hi", "Auto-Submitted: auto-replied", true)]
    [InlineData("Hi", "Auto-Submitted: auto-generated", null)]
    [InlineData("Hi", "Precedence: auto_reply", true)]
    [InlineData("Hi", "Precedence: bulk", null)]
    [InlineData("Hi", "X-Auto-Response-Suppress: All", null)]
    public async Task An_automatic_reply_is_guessed_from_the_subject_and_the_headers_that_were_asked_for(string subject, string? header, bool? isAutoReply)
    {
        var account = await NewAccountAsync();
        var headers = header?.Split(": ") is [var name, var value] ? new JsonObject { [name] = value } : [];

        await _simulator.DeliverAsync(account, new JsonObject { ["subject"] = subject, ["headers"] = headers });

        Assert.Equal(isAutoReply, (bool?)(await _simulator.Receiver.WaitForAsync(account, "messageNew")).Data["isAutoReply"]);
    }

    [Fact]
    public async Task Reading_a_message_can_mark_it_as_seen()
    {
        var account = await NewAccountAsync();
        var id = await _simulator.DeliverAsync(account, Requests.Json("""{ "text": "Plain", "html": "<p>HTML</p>" }"""));

        var read = await _simulator.CallAsync("GET", $"/v1/account/{account}/message/{id}?textType=html&markAsSeen=true");

        Assert.Equal((null, "<p>HTML</p>"), ((string?)read["text"]!["plain"], (string)read["text"]!["html"]!));
        Assert.Equal("""{"flags":{"added":["\\Seen"],"value":["\\Seen"]}}""", (await _simulator.Receiver.WaitForAsync(account, "messageUpdated")).Data["changes"]!.ToJsonString());
    }

    private Task<JsonObject> ListAsync(string account, string query) => _simulator.CallAsync("GET", $"/v1/account/{account}/messages{query}");

    private async Task<string> NewAccountAsync()
    {
        var account = _simulator.NewAccountId();
        await _simulator.AddAccountAsync(account);
        return account;
    }
}
