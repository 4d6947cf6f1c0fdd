using System.Text.Json;

namespace CrmMail.SystemTests.Api;

public sealed class DealTests(RunningApplication system) : IAsyncLifetime
{
    private ScratchApi _api = null!;

    private ApiClient Client => _api.Client;

    public async ValueTask InitializeAsync() =>
        _api = await ScratchApi.StartAsync(system, ("Routing:Domain", "inbound.example"), ("Routing:Secrets:0", "a-secret-of-the-deal-tests"));

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_deal_is_made_read_and_changed()
    {
        var company = (await Client.PostAsync("/api/companies", """{"name": "Customer"}""")).Json.GetProperty("id").GetGuid();
        var ann = await Client.AddContactAsync("Ann", "ann@customer.example");
        var made = await Client.PostAsync("/api/deals", $$"""{"name": " Licences ", "companyId": "{{company}}", "contacts": ["{{ann}}", "{{ann}}"], "stage": "offer", "owner": "amy"}""");
        made.AssertStatus(201);
        Assert.Equal($"Licences {company} {ann} offer amy open", Describe(made.Json));
        var path = made.Headers.Location!.OriginalString;
        Assert.Equal(made.Text, (await Client.GetAsync(path)).Text);

        Assert.Equal($"Licences {company} {ann} won amy open", Describe((await Client.PatchAsync(path, """{"stage": "won"}""")).Json));
        Assert.Equal($"Licences {company}  won  open", Describe((await Client.PatchAsync(path, """{"contacts": [], "owner": ""}""")).Json));
    }

    [Fact]
    public async Task A_deal_is_closed_and_opened_again_and_each_time_is_kept()
    {
        var deal = await MakeAsync("Licences", """, "openedAt": "2026-01-01T00:00:00Z" """);

        var closed = await Client.PatchAsync($"/api/deals/{deal}", """{"state": "closed"}""");
        Assert.Equal("closed", closed.Json.GetProperty("state").GetString());
        Assert.Equal(closed.Json.GetProperty("closedAt").GetDateTimeOffset(), (await Client.PatchAsync($"/api/deals/{deal}", """{"state": "closed"}""")).Json.GetProperty("closedAt").GetDateTimeOffset());
        var again = await Client.PatchAsync($"/api/deals/{deal}", """{"state": "open"}""");
        Assert.Equal(JsonValueKind.Null, again.Json.GetProperty("closedAt").ValueKind);
        Assert.True(again.Json.GetProperty("openedAt").GetDateTimeOffset() >= closed.Json.GetProperty("closedAt").GetDateTimeOffset());
        await Client.PatchAsync($"/api/deals/{deal}", """{"state": "open"}""");

        Assert.Equal("2026-01-01 closed, later open", await _api.QueryAsync<string>(
            """
            select string_agg(
                case when opened_at = '2026-01-01Z' then '2026-01-01' else 'later' end || case when closed_at is null then ' open' else ' closed' end,
                ', ' order by opened_at)
            from deal_periods
            """));
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": "D", "stage": "a\nb"}""", "stage")]
    [InlineData("""{"name": "D", "openedAt": "2126-01-01T00:00:00Z"}""", "openedAt")]
    [InlineData("""{"name": "D", "companyId": "00000000-0000-7000-8000-000000000001"}""", "companyId")]
    [InlineData("""{"name": "D", "contacts": ["00000000-0000-7000-8000-000000000001"]}""", "contacts")]
    [InlineData("""{"name": "D", "contacts": ["ann"]}""", "contacts[0]")]
    [InlineData("""{"name": "D", "state": "open"}""", "state")]
    public async Task What_cannot_be_a_deal_is_refused_by_field(string json, string fields)
    {
        (await Client.PostAsync("/api/deals", json)).AssertProblem(400, "invalid-request", fields);
        Assert.Equal(0, await _api.QueryAsync<long>("select count(*) from deals"));
    }

    [Fact]
    public async Task Deals_are_listed_by_company_contact_and_state()
    {
        var company = (await Client.PostAsync("/api/companies", """{"name": "Customer"}""")).Json.GetProperty("id").GetGuid();
        var ann = await Client.AddContactAsync("Ann", "ann@customer.example");
        await MakeAsync("1");
        await MakeAsync("2", $$""", "companyId": "{{company}}" """);
        var third = await MakeAsync("3", $$""", "companyId": "{{company}}", "contacts": ["{{ann}}"] """);
        await Client.PatchAsync($"/api/deals/{third}", """{"state": "closed"}""");

        Assert.Equal(["3", "2", "1"], await NamesAsync("?limit=1"));
        Assert.Equal(["3", "2"], await NamesAsync($"?company={company}&limit=1"));
        Assert.Equal(["2"], await NamesAsync($"?company={company}&state=open"));
        Assert.Equal(["3"], await NamesAsync($"?contact={ann}"));
        (await Client.GetAsync("/api/deals?state=won")).AssertProblem(400, "invalid-request", "state");
    }

    [Fact]
    public async Task The_address_of_a_deal_is_signed_and_always_the_same()
    {
        var deal = await MakeAsync("Licences");
        var answer = await Client.PostAsync($"/api/deals/{deal}/address", "");
        answer.AssertStatus(200);
        Assert.Matches($"^deal-{deal:n}\\.[0-9a-f]{{24}}@inbound\\.example$", answer.Json.GetProperty("address").GetString());
        Assert.Equal(answer.Text, (await Client.PostAsync($"/api/deals/{deal}/address", "")).Text);
        (await Client.PostAsync($"/api/deals/{Guid.CreateVersion7()}/address", "")).AssertProblem(404, "not-found");

        await using var without = await ScratchApi.StartAsync(system);
        var other = (await without.Client.PostAsync("/api/deals", """{"name": "D"}""")).Json.GetProperty("id").GetGuid();
        (await without.Client.PostAsync($"/api/deals/{other}/address", "")).AssertProblem(409, "no-inbound-domain");
    }

    [Fact]
    public async Task What_a_person_says_of_a_mail_stands_against_the_rule()
    {
        var (routed, linked) = (await MakeAsync("Routed"), await MakeAsync("Linked"));
        await _api.ExecuteAsync("insert into accounts (id) values ('amy'), ('ben')");
        await AddMailAsync(1, "amy", "first", "2026-06-01 10:00Z");
        await AddMailAsync(2, "ben", "first", "2026-06-01 10:01Z");
        await AddMailAsync(3, "amy", "second", "2026-06-01 11:00Z");
        await _api.ExecuteAsync($"insert into activity_routes (activity_id, deal_id, deal_reason) values (1, '{routed}', 'contact'), (2, '{routed}', 'contact'), (3, '{routed}', 'company')");
        Assert.Equal(["second amy", "first amy,ben"], await TimelineAsync(routed));
        Assert.Equal("Routed contact", await DealsAsync(1));

        // In all accounts that have the mail.
        (await Client.DeleteAsync($"/api/deals/{routed}/activities/2")).AssertStatus(204);
        (await Client.PutAsync($"/api/deals/{linked}/activities/1", "")).AssertStatus(204);
        Assert.Equal(["second amy"], await TimelineAsync(routed));
        Assert.Equal(["first amy,ben"], await TimelineAsync(linked));
        Assert.Equal("Linked person", await DealsAsync(1));
        Assert.Equal("Linked person", await DealsAsync(2));

        // To say it again, or the opposite, is no error.
        (await Client.PutAsync($"/api/deals/{routed}/activities/1", "")).AssertStatus(204);
        (await Client.PutAsync($"/api/deals/{routed}/activities/1", "")).AssertStatus(204);
        Assert.Equal("Linked person, Routed person", await DealsAsync(1));
        Assert.Equal("test", await _api.QueryAsync<string>("select string_agg(distinct said_by, ', ') from deal_mails"));

        (await Client.PutAsync($"/api/deals/{linked}/activities/99", "")).AssertProblem(404, "not-found");
        (await Client.DeleteAsync($"/api/deals/{Guid.CreateVersion7()}/activities/1")).AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task A_timeline_is_read_page_by_page_and_by_direction()
    {
        var deal = await MakeAsync("Licences");
        await _api.ExecuteAsync("insert into accounts (id) values ('amy')");
        for (var n = 1; n <= 5; n++)
        {
            await AddMailAsync(n, "amy", $"{n}", $"2026-06-01 1{n % 3}:00Z");
        }

        await _api.ExecuteAsync($"update activities set direction = 'sent' where id = 4; insert into activity_routes (activity_id, deal_id, deal_reason) select id, '{deal}', 'contact' from activities");
        Assert.Equal(["5 amy", "2 amy", "4 amy", "1 amy", "3 amy"], await TimelineAsync(deal, "?limit=2"));
        Assert.Equal(["4 amy"], await TimelineAsync(deal, "?direction=sent"));
        Assert.Empty(await TimelineAsync(await MakeAsync("Empty")));
        (await Client.GetAsync($"/api/deals/{Guid.CreateVersion7()}/timeline")).AssertProblem(404, "not-found");
    }

    private static string Describe(JsonElement deal) =>
        $"{deal.GetProperty("name")} {deal.GetProperty("companyId")} {string.Join(',', deal.GetProperty("contacts").EnumerateArray())} {deal.GetProperty("stage")} {deal.GetProperty("owner")} {deal.GetProperty("state")}";

    private async Task<Guid> MakeAsync(string name, string rest = "")
    {
        var made = await Client.PostAsync("/api/deals", $$"""{"name": "{{name}}"{{rest}}}""");
        made.AssertStatus(201);
        return made.Json.GetProperty("id").GetGuid();
    }

    private async Task<List<string?>> NamesAsync(string query) =>
        [.. (await Client.ReadAllAsync($"/api/deals{query}")).Select(deal => deal.GetProperty("name").GetString())];

    private async Task<List<string>> TimelineAsync(Guid deal, string query = "") =>
        [.. (await Client.ReadAllAsync($"/api/deals/{deal}/timeline{query}")).Select(item => $"{item.GetProperty("subject").GetString()} {string.Join(',', item.GetProperty("accountIds").EnumerateArray())}")];

    private async Task<string> DealsAsync(long activity) => string.Join(
        ", ", (await Client.GetAsync($"/api/activities/{activity}")).Json.GetProperty("deals").EnumerateArray().Select(deal => $"{deal.GetProperty("name")} {deal.GetProperty("reason")}"));

    private Task AddMailAsync(long id, string account, string mail, string occurredAt) => _api.ExecuteAsync($"""
        begin;
        insert into activities (id, account_id, mail_key, direction, subject, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
        values ({id}, '{account}', sha256('{mail}'), 'incoming', '{mail}', '{occurredAt}', now(), 'emailengine', 'e-{id}', 'mail.events', 0, {id}, md5('{id}'));
        insert into message_keys (key, account_id, activity_id) values (sha256('{mail}'), '{account}', {id});
        commit
        """);
}
