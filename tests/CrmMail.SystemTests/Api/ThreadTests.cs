using System.Text.Json;
using CrmMail.SystemTests.Processor;

namespace CrmMail.SystemTests.Api;

/// <summary>Conversations, from the webhook to what the Api shows.</summary>
public sealed class ThreadTests(RunningApplication system) : IAsyncLifetime
{
    private readonly string _customer = $"{Guid.NewGuid():N}.example";
    private readonly Dictionary<Mailbox, int> _sent = [];
    private ApiClient _api = null!;
    private Mailbox _amy = null!;
    private Mailbox _ben = null!;
    private Guid _ann;

    public async ValueTask InitializeAsync()
    {
        _api = ApiClient.Of(system);
        _amy = await Mailbox.OpenAsync(system);
        _ben = await Mailbox.OpenAsync(system);
        _ann = await _api.AddContactAsync("Ann", $"ann@{_customer}");
    }

    public async ValueTask DisposeAsync()
    {
        await _amy.DisposeAsync();
        await _ben.DisposeAsync();
        _api.Dispose();
    }

    [Fact]
    public async Task A_conversation_over_two_accounts_is_one_thread_although_the_replies_come_first()
    {
        await SendAsync(_ben, "third", minute: 3, "second");
        await SendAsync(_amy, "third", minute: 3, "second");
        await SendAsync(_amy, "other", minute: 4);
        var early = await ThreadOfAsync("third");
        await SendAsync(_ben, "first", minute: 1);
        await SendAsync(_amy, "second", minute: 2, "first");
        await SendAsync(_amy, "fourth", minute: 5, "first", "second", "third");

        var id = await ThreadOfAsync("third");
        var thread = (await _api.GetAsync($"/api/threads/{id}")).Json;

        Assert.Equal("first, second, third, fourth", Subjects(thread));
        Assert.All(Messages(thread), message => Assert.Equal(id, Text(message, "threadId")));
        Assert.Equal(2, Messages(thread).Single(message => Text(message, "subject") == "third").GetProperty("accountIds").GetArrayLength());
        Assert.Equal((4, id), (thread.GetProperty("messageCount").GetInt64(), Text(thread, "id")));
        Assert.Equal(("2026-11-21T21:01:00+00:00", "2026-11-21T21:05:00+00:00"), (Text(thread, "firstAt"), Text(thread, "lastAt")));
        Assert.Equal((_ann, "from"), Contact(thread));
        Assert.Equal(2, thread.GetProperty("participantCount").GetInt64());
        Assert.Equal(
            [("", "amy@corp.example", 4), ("Ann", $"ann@{_customer}", 4)],
            thread.GetProperty("participants").EnumerateArray().Select(person => (Text(person, "name"), Text(person, "address"), person.GetProperty("messageCount").GetInt64())));
        Assert.NotEqual(id, await ThreadOfAsync("other"));

        // The id that it had before it was joined is good for ever.
        Assert.Equal(thread.GetRawText(), (await _api.GetAsync($"/api/threads/{early}")).Text);
        Assert.Equal(thread.GetRawText(), (await _api.GetAsync($"/api/threads/{id.ToUpperInvariant()}")).Text);
    }

    [Fact]
    public async Task A_thread_is_read_by_pages_and_a_mail_alone_is_one()
    {
        await SendAsync(_amy, "0", minute: 0);
        var alone = (await _api.GetAsync($"/api/threads/{await ThreadOfAsync("0")}")).Json;
        Assert.Equal(("0", 1), (Subjects(alone), alone.GetProperty("messageCount").GetInt64()));

        for (var n = 1; n < 8; n++)
        {
            await SendAsync(_amy, $"{n}", minute: n / 3, $"{n - 1}"); // some at the same time
        }

        var id = await ThreadOfAsync("0");
        var whole = (await _api.GetAsync($"/api/threads/{id}")).Json;
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await _api.GetAsync(ApiClient.WithCursor($"/api/threads/{id}?limit=3", cursor))).Json;
            Assert.Equal((8, 1), (page.GetProperty("messageCount").GetInt64(), page.GetProperty("contacts").GetArrayLength()));
            seen.Add(Subjects(page));
            cursor = page.GetProperty("messages").GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal(3, seen.Count);
        Assert.Equal(Subjects(whole), string.Join(", ", seen));
    }

    [Fact]
    public async Task A_thread_names_its_companies_and_deals_with_every_reason_and_what_a_person_removed_is_not_there()
    {
        var (byContact, byPerson, removed) = (await MakeDealAsync("b by contact", _ann), await MakeDealAsync("a by person"), await MakeDealAsync("c removed"));
        await MakeCompanyAsync($$"""{"name": "By domain", "domains": ["{{_customer}}"]}""");
        await SendAsync(_amy, "first", minute: 1);
        await SendAsync(_ben, "first", minute: 1);
        await SendAsync(_amy, "second", minute: 2, "first");
        var first = await ActivityOfAsync("first");
        (await _api.PutAsync($"/api/deals/{byPerson}/activities/{first}", "")).AssertStatus(204);
        (await _api.DeleteAsync($"/api/deals/{removed}/activities/{first}")).AssertStatus(204);

        var id = await ThreadOfAsync("first");
        Assert.Equal(["a by person: person, 1", "b by contact: contact, 2"], await DealsAsync(id));
        Assert.Equal("By domain", await CompaniesAsync(id));

        (await _api.DeleteAsync($"/api/deals/{byContact}/activities/{first}")).AssertStatus(204);
        (await _api.PutAsync($"/api/deals/{byContact}/activities/{await ActivityOfAsync("second")}", "")).AssertStatus(204);
        Assert.Equal(["a by person: person, 1", "b by contact: person, 1"], await DealsAsync(id));

        var own = await MakeCompanyAsync("""{"name": "Its own"}""");
        (await _api.PutAsync($"/api/contacts/{_ann}", $$"""{"name": "Ann", "addresses": ["ann@{{_customer}}"], "companyId": "{{own}}"}""")).AssertStatus(200);
        Assert.Equal("Its own", await CompaniesAsync(id));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 404, "not-found", "")]
    [InlineData("no-id", 404, "not-found", "")]
    [InlineData("%01", 404, "not-found", "")]
    public async Task What_is_no_thread_is_not_found(string id, int status, string type, string fields) =>
        (await _api.GetAsync($"/api/threads/{id}")).AssertProblem(status, type, fields);

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        await SendAsync(_amy, "1", minute: 1);
        await SendAsync(_amy, "2", minute: 2);
        var next = (await _api.GetAsync($"/api/contacts/{_ann}/timeline?limit=1")).Next;

        (await _api.GetAsync(ApiClient.WithCursor($"/api/threads/{await ThreadOfAsync("1")}", next))).AssertProblem(400, "invalid-request", "cursor");
    }

    private static JsonElement.ArrayEnumerator Messages(JsonElement thread) => thread.GetProperty("messages").GetProperty("items").EnumerateArray();

    private static string Subjects(JsonElement thread) => string.Join(", ", Messages(thread).Select(message => Text(message, "subject")));

    private static (Guid Id, string Role) Contact(JsonElement thread)
    {
        var contact = Assert.Single(thread.GetProperty("contacts").EnumerateArray());
        return (contact.GetProperty("id").GetGuid(), Assert.Single(contact.GetProperty("roles").EnumerateArray()).GetString()!);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task<Guid> MakeDealAsync(string name, params Guid[] contacts)
    {
        var made = await _api.PostAsync("/api/deals", JsonSerializer.Serialize(new { name, contacts, openedAt = "2026-01-01T00:00:00Z" }));
        made.AssertStatus(201);
        return made.Json.GetProperty("id").GetGuid();
    }

    private async Task<Guid> MakeCompanyAsync(string json)
    {
        var made = await _api.PostAsync("/api/companies", json);
        made.AssertStatus(201);
        return made.Json.GetProperty("id").GetGuid();
    }

    private async Task<string[]> DealsAsync(string thread) =>
    [
        .. (await _api.GetAsync($"/api/threads/{thread}")).Json.GetProperty("deals").EnumerateArray()
            .Select(deal => $"{Text(deal, "name")}: {string.Join(' ', deal.GetProperty("reasons").EnumerateArray())}, {deal.GetProperty("messageCount")}"),
    ];

    private async Task<string> CompaniesAsync(string thread) =>
        string.Join(", ", (await _api.GetAsync($"/api/threads/{thread}")).Json.GetProperty("companies").EnumerateArray().Select(company => Text(company, "name")));

    private async Task<long> ActivityOfAsync(string subject) =>
        (await _api.ReadAllAsync($"/api/contacts/{_ann}/timeline")).Single(item => Text(item, "subject") == subject).GetProperty("id").GetInt64();

    private async Task SendAsync(Mailbox mailbox, string id, int minute, params string[] before)
    {
        var references = string.Join(' ', before.Select(name => $"<{name}@{_customer}>"));
        await mailbox.SendAsync(mailbox.Event("messageNew", $$"""
            "id":"{{Guid.NewGuid():N}}","path":"INBOX","messageSpecialUse":"\\Inbox","date":"2026-11-21T21:0{{minute}}:00.000Z","messageId":"<{{id}}@{{_customer}}>","subject":"{{id}}","from":{"name":"Ann","address":"Ann@{{_customer}}"},"to":[{"name":"","address":"amy@corp.example"}],"headers":{"references":["{{references}}"]}
            """));
        _sent[mailbox] = _sent.GetValueOrDefault(mailbox) + 1;
        await mailbox.WaitForOutcomesAsync(_sent[mailbox]);
    }

    private async Task<string> ThreadOfAsync(string subject)
    {
        var item = (await _api.ReadAllAsync($"/api/contacts/{_ann}/timeline")).Single(item => Text(item, "subject") == subject);
        var activity = (await _api.GetAsync($"/api/activities/{item.GetProperty("id")}")).Json;
        Assert.Equal(Text(item, "threadId"), Text(activity, "threadId"));
        return Text(item, "threadId");
    }
}
