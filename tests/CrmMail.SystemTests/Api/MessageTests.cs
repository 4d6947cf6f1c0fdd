using System.Net.Http.Json;
using System.Text.Json;

namespace CrmMail.SystemTests.Api;

/// <summary>Mails that are sent through the Api, with EmailEngine.</summary>
public sealed class MessageTests(RunningApplication system) : IAsyncLifetime
{
    private readonly string _customer = $"ann-{Guid.NewGuid():N}@example.org";
    private ApiClient _api = null!;
    private EngineMailbox _amy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = ApiClient.Of(system);
        _amy = await EngineMailbox.ConnectAsync(system, _api);
        await _api.AddContactAsync("Ann", _customer);
    }

    public ValueTask DisposeAsync()
    {
        _amy.Dispose();
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_mail_is_sent_and_on_the_timeline_once_with_what_it_said()
    {
        var answer = await SendAsync(new
        {
            to = new[] { new { name = "Ann", address = _customer } },
            bcc = new[] { new { address = $"boss-{Guid.NewGuid():N}@example.org" } },
            subject = "Our offer",
            text = "Dear Ann,\nhere it is.",
            attachments = new[] { new { filename = "offer.txt", contentType = "text/plain", content = "NDIgRVVS" } },
        });
        answer.AssertStatus(202);
        Assert.EndsWith("@example.com", Text(answer.Json, "messageId"), StringComparison.Ordinal);

        var mail = Assert.Single(await _amy.WaitForFolderAsync("Sent", 1));
        Assert.Equal(("Our offer", $"<{Text(answer.Json, "messageId")}>"), (Text(mail, "subject"), Text(mail, "messageId")));
        var item = Assert.Single(await _amy.WaitForTimelineAsync(1));
        Assert.Equal(
            ("sent", "Our offer", "Dear Ann, here it is.", Text(answer.Json, "messageId")),
            (Text(item, "direction"), Text(item, "subject"), Text(item, "snippet"), Text(item, "messageId")));
    }

    [Fact]
    public async Task The_same_key_and_body_is_the_same_mail_and_another_body_is_refused()
    {
        var key = Guid.NewGuid().ToString();
        var first = await SendAsync(Mail("Once"), key);
        first.AssertStatus(202);
        var second = await SendAsync(Mail("Once"), $"\"{key}\"");
        Assert.Equal((202, first.Text), (second.Status, second.Text));
        (await SendAsync(Mail("Twice"), key)).AssertProblem(422, "idempotency-key-reused");
        (await SendAsync(Mail("Once"), "not a key")).AssertProblem(400, "invalid-request", "Idempotency-Key");

        (await SendAsync(Mail("Last"))).AssertStatus(202);
        Assert.Equal(["Last", "Once"], (await _amy.WaitForFolderAsync("Sent", 2)).Select(mail => Text(mail, "subject")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Twenty_requests_at_once_with_one_key_are_one_mail()
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync(Mail("Once"), key)));
        Assert.All(answers, answer => answer.AssertStatus(202));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());

        // Whatever they sent was queued before this one, and is delivered before it.
        (await SendAsync(Mail("Last"))).AssertStatus(202);
        Assert.Equal(["Last", "Once"], (await _amy.WaitForFolderAsync("Sent", 2)).Select(mail => Text(mail, "subject")).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await _amy.WaitForTimelineAsync(2)).Count);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_found_again()
    {
        var key = Guid.NewGuid().ToString();
        var first = await SendAsync(Mail("Once"), key);
        first.AssertStatus(202);
        await ExecuteAsync("update outbound_messages set state = 'pending', answer = null, answer_status = null, queue_id = null where account_id = $1");

        var again = await SendAsync(Mail("Once"), key);
        Assert.Equal((202, first.Text), (again.Status, again.Text));

        // EmailEngine forgets keys: from then on nobody can tell, and nothing is sent twice.
        await ExecuteAsync("update outbound_messages set state = 'pending', answer = null, created_at = now() - interval '24 hours' where account_id = $1");
        (await SendAsync(Mail("Once"), key)).AssertProblem(409, "outcome-unknown");
        Assert.Single(await _amy.WaitForFolderAsync("Sent", 1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("remote_id = null")]
    [InlineData("remote_id = 'AAAAAQAAJxA'")]
    public async Task An_answer_is_in_the_thread_wherever_the_answered_mail_is(string? change)
    {
        await _amy.ReceiveAsync(_customer, "Question");
        var question = Assert.Single(await _amy.WaitForTimelineAsync(1));
        if (change is not null)
        {
            await ExecuteAsync($"update activities set {change} where account_id = $1");
        }

        (await SendAsync(new { replyToActivity = question.GetProperty("id").GetInt64(), text = "Answer" })).AssertStatus(202);

        var answer = (await _amy.WaitForTimelineAsync(2)).Single(item => Text(item, "direction") == "sent");
        Assert.Equal("Re: Question", Text(answer, "subject"));
        var activity = (await _api.GetAsync($"/api/activities/{answer.GetProperty("id")}")).Json;
        Assert.Equal(Text(question, "messageId"), Text(activity, "inReplyTo"));

        var sent = await _amy.ReadMailAsync(Text(Assert.Single(await _amy.WaitForFolderAsync("Sent", 1)), "id"));
        Assert.Equal(_customer, Text(Assert.Single(sent.GetProperty("to").EnumerateArray()), "address"));
        Assert.Equal($"<{Text(question, "messageId")}>", sent.GetProperty("headers").GetProperty("in-reply-to")[0].GetString());
        Assert.Equal($"<{Text(question, "messageId")}>", sent.GetProperty("headers").GetProperty("references")[0].GetString());

        // Only EmailEngine, where it finds the mail, can mark it.
        var flags = Assert.Single(await _amy.ListAsync("INBOX")).GetProperty("flags").EnumerateArray().Select(flag => flag.GetString());
        Assert.Equal(change is null, flags.Contains(@"\Answered"));
    }

    [Fact]
    public async Task A_mail_goes_out_as_it_is_and_is_stored_without_what_must_not_be()
    {
        const string Subject = "Card 4111 1111 1111 1111";
        (await SendAsync(new { to = new[] { new { address = _customer } }, subject = Subject, text = "password: hunter2" })).AssertStatus(202);

        var mail = Assert.Single(await _amy.WaitForTimelineAsync(1));
        Assert.Equal(("Card [redacted]", "password: [redacted]"), (Text(mail, "subject"), Text(mail, "snippet")));
        Assert.Equal(Subject, Text(Assert.Single(await _amy.WaitForFolderAsync("Sent", 1)), "subject"));
    }

    [Fact]
    public async Task A_mail_for_tomorrow_waits_and_can_be_taken_back()
    {
        using var colleague = await EngineMailbox.ConnectAsync(system, _api);
        var sendAt = DateTimeOffset.UtcNow.AddDays(1);
        var answer = await SendAsync(new { to = new[] { new { address = _customer } }, subject = "Later", sendAt });
        answer.AssertStatus(202);
        (await SendAsync(new { to = new[] { new { address = _customer } }, subject = "Much later", sendAt = sendAt.AddDays(1) })).AssertStatus(202);
        var path = $"{_amy.Path}/messages/{Text(answer.Json, "queueId")}";

        Assert.Equal(["Later", "Much later"], (await _api.ReadAllAsync($"{_amy.Path}/messages?limit=1")).Select(queued => Text(queued, "subject")));
        Assert.Empty(await _api.ReadAllAsync($"{colleague.Path}/messages"));
        var waiting = await _api.GetAsync(path);
        Assert.Equal(
            (Text(answer.Json, "messageId"), _customer),
            (Text(waiting.Json, "messageId"), Assert.Single(waiting.Json.GetProperty("to").EnumerateArray()).GetString()));

        (await _api.GetAsync($"{colleague.Path}/messages/{Text(answer.Json, "queueId")}")).AssertProblem(404, "not-found");
        (await _api.DeleteAsync($"{colleague.Path}/messages/{Text(answer.Json, "queueId")}")).AssertProblem(404, "not-found");
        (await _api.DeleteAsync(path)).AssertStatus(204);
        (await _api.DeleteAsync(path)).AssertProblem(404, "not-found");
        (await _api.GetAsync(path)).AssertProblem(404, "not-found");
        (await _api.GetAsync($"{_amy.Path}/messages/%2e%2e%2fsettings")).AssertProblem(404, "not-found");
        Assert.Equal("Much later", Text(Assert.Single(await _api.ReadAllAsync($"{_amy.Path}/messages")), "subject"));
        Assert.Empty(await _amy.ListAsync("Sent"));
    }

    [Fact]
    public async Task What_EmailEngine_refuses_is_told_by_the_callers_fields_and_stays_refused()
    {
        var key = Guid.NewGuid().ToString();
        var mail = new { to = new[] { new { address = _customer }, new { address = "user@corp.test" } }, subject = "Hello" };
        var refused = await SendAsync(mail, key);
        refused.AssertProblem(400, "emailengine-refused", "to[1].address");
        var again = await SendAsync(mail, key);
        again.AssertProblem(400, "emailengine-refused", "to[1].address");
        Assert.Equal(refused.Json.GetProperty("errors").GetRawText(), again.Json.GetProperty("errors").GetRawText());
    }

    [Fact]
    public async Task An_activity_of_another_account_is_none_to_answer()
    {
        using var colleague = await EngineMailbox.ConnectAsync(system, _api);
        await colleague.ReceiveAsync(_customer, "Question");
        var question = Assert.Single(await colleague.WaitForTimelineAsync(1));
        (await SendAsync(new { replyToActivity = question.GetProperty("id").GetInt64(), text = "Answer" })).AssertProblem(400, "invalid-request", "replyToActivity");
    }

    private object Mail(string subject) => new { to = new[] { new { address = _customer } }, subject, text = "Hello" };

    private Task<ApiAnswer> SendAsync(object mail, string? key = null)
    {
        var content = JsonContent.Create(mail);
        if (key is not null)
        {
            content.Headers.Add("Idempotency-Key", key);
        }

        return _api.SendAsync(HttpMethod.Post, $"{_amy.Path}/messages", content);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create((await system.Application.GetConnectionStringAsync("crm", Cancel))!);
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = _amy.Account });
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(Cancel));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
