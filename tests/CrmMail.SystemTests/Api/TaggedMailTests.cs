using System.Text.Json;

namespace CrmMail.SystemTests.Api;

/// <summary>What timelines and threads hide, and show where it is asked for.</summary>
public sealed class TaggedMailTests(RunningApplication system) : IAsyncLifetime
{
    // The bits of 0022_filters.sql.
    private const int AutoReply = 1, Bulk = 4, NoReply = 8, Unverified = 32;

    private ScratchApi _api = null!;
    private Guid _ann;
    private Guid _company;
    private Guid _deal;
    private string _thread = "";

    private ApiClient Client => _api.Client;

    public async ValueTask InitializeAsync()
    {
        _api = await ScratchApi.StartAsync(system);
        await _api.ExecuteAsync("insert into accounts (id) values ('amy'), ('ben'), ('mailparse:team')");
        _company = (await Client.PostAsync("/api/companies", """{"name": "Customer", "domains": ["customer.example"]}""")).Json.GetProperty("id").GetGuid();
        _ann = await Client.AddContactAsync("Ann", "ann@customer.example");
        _deal = (await Client.PostAsync("/api/deals", """{"name": "Deal"}""")).Json.GetProperty("id").GetGuid();
        await WriteAsync(1, "amy", "offer", 0, "incoming");
        await WriteAsync(2, "amy", "away", AutoReply, "incoming");
        await WriteAsync(3, "amy", "news", Bulk | NoReply, "incoming");
        await WriteAsync(4, "amy", "answer", 0, "sent");
        await WriteAsync(5, "amy", "both", 0, "incoming");
        await WriteAsync(6, "mailparse:team", "both", Unverified, "incoming");
        await _api.ExecuteAsync(
            $"""
            insert into activity_routes (activity_id, deal_id, deal_reason) select id, '{_deal}', 'contact' from activities;
            insert into thread_links (key, parent)
            select mail_key, root.key from activities, (select mail_key as key from activities order by mail_key limit 1) as root where mail_key <> root.key on conflict do nothing
            """);
        _thread = (await Client.GetAsync("/api/activities/1")).Json.GetProperty("threadId").GetString()!;
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("", "answer offer")]
    [InlineData("include=bulk", "answer news offer")]
    [InlineData("include=no-reply", "answer news offer")]
    [InlineData("include=auto-reply,unverified", "both answer away offer")]
    [InlineData("include=bounce", "answer offer")]
    [InlineData("include=all", "both answer news away offer")]
    [InlineData("include=auto-reply&direction=sent", "answer")]
    [InlineData("include=all&direction=incoming", "both news away offer")]
    [InlineData("direction=incoming", "offer")]
    public async Task Tagged_mails_are_hidden_unless_one_of_their_tags_is_included(string query, string expected)
    {
        foreach (var timeline in new[] { $"/api/contacts/{_ann}/timeline", $"/api/companies/{_company}/timeline", $"/api/deals/{_deal}/timeline" })
        {
            Assert.Equal(expected, string.Join(' ', (await Client.ReadAllAsync($"{timeline}?limit=2&{query}")).Select(Subject)));
        }

        if (!query.Contains("direction", StringComparison.Ordinal))
        {
            var thread = (await Client.GetAsync($"/api/threads/{_thread}?{query}")).Json;
            Assert.Equal(expected, string.Join(' ', thread.GetProperty("messages").GetProperty("items").EnumerateArray().Select(Subject).Reverse()));
            Assert.Equal((5, 5 - expected.Split(' ').Length), (thread.GetProperty("messageCount").GetInt64(), thread.GetProperty("hiddenCount").GetInt64()));
            Assert.Equal("2026-01-01T00:01:00+00:00 2026-01-01T00:05:00+00:00", $"{thread.GetProperty("firstAt").GetString()} {thread.GetProperty("lastAt").GetString()}");
        }
    }

    [Fact]
    public async Task Every_item_names_its_tags_and_an_activity_the_rules_too()
    {
        var items = await Client.ReadAllAsync($"/api/contacts/{_ann}/timeline?include=all");
        Assert.Equal(["both unverified", "answer ", "news bulk,no-reply", "away auto-reply", "offer "], items.Select(item => $"{Subject(item)} {Tags(item, "tags")}"));
        Assert.Equal(["unverified", "", "bulk,no-reply", "auto-reply", ""], (await Client.ReadAllAsync($"/api/deals/{_deal}/timeline?include=all")).Select(item => Tags(item, "tags")));

        // On the timeline of an account there is all that it has, with the tags that it knows.
        Assert.Equal(["both ", "answer ", "news bulk,no-reply", "away auto-reply", "offer "], (await Client.ReadAllAsync("/api/accounts/amy/timeline?limit=2")).Select(item => $"{Subject(item)} {Tags(item, "tags")}"));

        var news = (await Client.GetAsync("/api/activities/3")).Json;
        Assert.Equal("bulk,no-reply rule-12", $"{Tags(news, "tags")} {Tags(news, "tagRules")}");
        var both = (await Client.GetAsync("/api/activities/5")).Json;
        Assert.Equal("unverified rule-32", $"{Tags(both, "tags")} {Tags(both, "tagRules")}");
    }

    [Fact]
    public async Task What_is_no_tag_is_refused_and_a_cursor_is_good_for_its_tags_only()
    {
        foreach (var include in new[] { "spam", "bulk;all", "bulk,", "4" })
        {
            (await Client.GetAsync($"/api/contacts/{_ann}/timeline?include={include}")).AssertProblem(400, "invalid-request", "include");
            (await Client.GetAsync($"/api/threads/{_thread}?include={include}")).AssertProblem(400, "invalid-request", "include");
        }

        var next = (await Client.GetAsync($"/api/contacts/{_ann}/timeline?include=bulk&limit=1")).Next;
        (await Client.GetAsync(ApiClient.WithCursor($"/api/contacts/{_ann}/timeline", next))).AssertProblem(400, "invalid-request", "cursor");
    }

    [Fact]
    public async Task When_an_account_goes_the_tags_of_the_others_are_left()
    {
        (await Client.DeleteAsync("/api/accounts/mailparse:team")).AssertStatus(200);

        Assert.Equal(["both", "answer", "offer"], (await Client.ReadAllAsync($"/api/contacts/{_ann}/timeline")).Select(Subject));
    }

    private static string Subject(JsonElement item) => item.GetProperty("subject").GetString()!;

    private static string Tags(JsonElement item, string name) => string.Join(',', item.GetProperty(name).EnumerateArray().Select(tag => tag.GetString()));

    private Task WriteAsync(int id, string account, string mail, int tags, string direction) => _api.ExecuteAsync($$"""
        insert into activities (id, account_id, mail_key, direction, subject, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id, tags, tag_rules)
        values ({{id}}, '{{account}}', sha256('{{mail}}'), '{{direction}}', '{{mail}}', timestamptz '2026-01-01Z' + {{(mail == "both" ? 5 : id)}} * interval '1 minute', now(),
            '{{(account == "amy" ? "emailengine" : "mailparse")}}', 'e-{{id}}', 'mail.events', 0, {{id}}, md5('{{id}}'), {{tags}}, '{{{(tags == 0 ? "" : $"rule-{tags}")}}}');
        insert into message_keys (key, account_id, activity_id) values (sha256('{{mail}}'), '{{account}}', {{id}});
        insert into timeline_entries (contact_id, mail_key, occurred_at, direction, tags)
        select '{{_ann}}', mail_key, occurred_at, direction, tags from activities where id = {{id}}
        on conflict (contact_id, mail_key) do update set tags = timeline_entries.tags | excluded.tags;
        insert into activity_contacts (activity_id, contact_id, role, entry_id)
        select {{id}}, contact_id, 'from', id from timeline_entries where mail_key = sha256('{{mail}}');
        """);
}
