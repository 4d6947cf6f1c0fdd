using System.Text.Json;

namespace CrmMail.SystemTests.Api;

public sealed class CompanyTests(RunningApplication system) : IAsyncLifetime
{
    private ScratchApi _api = null!;

    private ApiClient Client => _api.Client;

    public async ValueTask InitializeAsync() => _api = await ScratchApi.StartAsync(system);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_company_is_made_read_changed_and_listed()
    {
        var made = await Client.PostAsync("/api/companies", """{"name": " Customer ", "domains": ["Customer.example", "customer.EXAMPLE", "müller.example"], "slug": "customer"}""");
        made.AssertStatus(201);
        Assert.Equal("Customer customer.example,xn--mller-kva.example customer", Describe(made.Json));
        var path = made.Headers.Location!.OriginalString;
        Assert.Equal(made.Text, (await Client.GetAsync(path)).Text);

        Assert.Equal("Customer Ltd customer.example,xn--mller-kva.example customer", Describe((await Client.PatchAsync(path, """{"name": "Customer Ltd"}""")).Json));
        Assert.Equal("Customer Ltd other.example ", Describe((await Client.PatchAsync(path, """{"domains": ["other.example"], "slug": ""}""")).Json));
        Assert.Equal("Customer Ltd  ", Describe((await Client.PatchAsync(path, """{"domains": []}""")).Json));

        await MakeAsync("acme");
        await MakeAsync("Custom Made");
        Assert.Equal(["acme", "Custom Made", "Customer Ltd"], (await Client.ReadAllAsync("/api/companies?limit=1")).Select(Name));
        Assert.Equal(["Custom Made", "Customer Ltd"], (await Client.ReadAllAsync("/api/companies?q=CUST&limit=1")).Select(Name));
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": " "}""", "name")]
    [InlineData("""{"name": "a\u0000b"}""", "name")]
    [InlineData("""{"name": "C", "domains": ["customer.example", "customer", "gmail.com"]}""", "domains[1], domains[2]")]
    [InlineData("""{"name": "C", "slug": "deal-customer"}""", "slug")]
    [InlineData("""{"name": "C", "domain": "customer.example"}""", "domain")]
    public async Task What_cannot_be_a_company_is_refused_by_field(string json, string fields) =>
        (await Client.PostAsync("/api/companies", json)).AssertProblem(400, "invalid-request", fields);

    [Fact]
    public async Task A_domain_and_a_slug_belong_to_one_company()
    {
        await MakeAsync("first", """, "domains": ["first.example"], "slug": "first" """);
        var second = await MakeAsync("second", """, "domains": ["second.example"]""");

        (await Client.PostAsync("/api/companies", """{"name": "third", "domains": ["third.example", "FIRST.example"]}""")).AssertProblem(409, "domain-taken", "domains[1]");
        (await Client.PostAsync("/api/companies", """{"name": "third", "slug": "First"}""")).AssertProblem(409, "slug-taken", "slug");
        (await Client.PatchAsync($"/api/companies/{second}", """{"domains": ["first.example"]}""")).AssertProblem(409, "domain-taken", "domains[0]");
        (await Client.PatchAsync($"/api/companies/{second}", """{"slug": "first"}""")).AssertProblem(409, "slug-taken", "slug");
        Assert.Equal("second second.example ", Describe((await Client.GetAsync($"/api/companies/{second}")).Json));
        Assert.Equal(2, await _api.QueryAsync<long>("select count(*) from companies"));
    }

    [Fact]
    public async Task Contacts_at_a_domain_belong_to_the_company_unless_theirs_is_set()
    {
        var before = await Client.AddContactAsync("Before", "before@customer.example");
        var customer = await MakeAsync("Customer", """, "domains": ["customer.example"]""");
        var other = await MakeAsync("Other", """, "domains": ["other.example"]""");
        var after = await Client.AddContactAsync("After", "after@customer.example");
        var both = await Client.AddContactAsync("Both", "both@nowhere.example", "both@other.example", "both@customer.example");
        var set = (await Client.PostAsync("/api/contacts", $$"""{"name": "Set", "addresses": ["set@customer.example"], "companyId": "{{other}}"}""")).Json.GetProperty("id").GetGuid();

        Assert.Equal([customer, customer, other, other], await CompaniesAsync(before, after, both, set));

        // The domain moves, and with it everybody who is not set.
        await Client.PatchAsync($"/api/companies/{customer}", """{"domains": []}""");
        Assert.Equal([null, null, other, other], await CompaniesAsync(before, after, both, set));
    }

    [Fact]
    public async Task The_timeline_of_a_company_has_the_mails_of_its_contacts_and_to_its_address_once_each()
    {
        var customer = await MakeAsync("Customer", """, "domains": ["customer.example"]""");
        var other = await MakeAsync("Other", """, "domains": ["other.example"]""");
        await Client.AddContactAsync("Ann", "ann@customer.example");
        await Client.AddContactAsync("Ben", "ben@customer.example");
        await Client.AddContactAsync("Both", "both@other.example", "both@customer.example");
        await _api.ExecuteAsync("insert into accounts (id) values ('amy'), ('ben')");
        await AddMailAsync(1, "amy", "both-wrote", "incoming", "2026-06-01 10:00Z", "Ann", "Ben");
        await AddMailAsync(2, "ben", "both-wrote", "incoming", "2026-06-01 09:59Z", "Ann");
        await AddMailAsync(3, "amy", "sent", "sent", "2026-06-01 11:00Z", "Ben");
        await AddMailAsync(4, "amy", "other", "incoming", "2026-06-01 12:00Z", "Both");
        await AddMailAsync(5, "amy", "addressed", "incoming", "2026-06-01 13:00Z", "Both");
        await _api.ExecuteAsync($"insert into activity_routes (activity_id, company_id) values (5, '{customer}')");

        Assert.Equal(["addressed amy", "sent amy", "both-wrote amy,ben"], (await Client.ReadAllAsync($"/api/companies/{customer}/timeline?limit=1")).Select(Mail));
        Assert.Equal(["sent amy"], (await Client.ReadAllAsync($"/api/companies/{customer}/timeline?direction=sent")).Select(Mail));
        Assert.Equal(["addressed amy", "other amy"], (await Client.ReadAllAsync($"/api/companies/{other}/timeline")).Select(Mail));
        (await Client.GetAsync($"/api/companies/{Guid.CreateVersion7()}/timeline")).AssertProblem(404, "not-found");
    }

    private static string Describe(JsonElement company) =>
        $"{Name(company)} {string.Join(',', company.GetProperty("domains").EnumerateArray())} {company.GetProperty("slug")}";

    private static string? Name(JsonElement company) => company.GetProperty("name").GetString();

    private static string Mail(JsonElement item) => $"{item.GetProperty("subject").GetString()} {string.Join(',', item.GetProperty("accountIds").EnumerateArray())}";

    private async Task<Guid> MakeAsync(string name, string rest = "")
    {
        var made = await Client.PostAsync("/api/companies", $$"""{"name": "{{name}}"{{rest}}}""");
        made.AssertStatus(201);
        return made.Json.GetProperty("id").GetGuid();
    }

    private async Task<List<Guid?>> CompaniesAsync(params Guid[] contacts)
    {
        var companies = new List<Guid?>();
        foreach (var contact in contacts)
        {
            var company = (await Client.GetAsync($"/api/contacts/{contact}")).Json.GetProperty("companyId");
            companies.Add(company.ValueKind == JsonValueKind.Null ? null : company.GetGuid());
        }

        return companies;
    }

    private Task AddMailAsync(long id, string account, string mail, string direction, string occurredAt, params string[] contacts) => _api.ExecuteAsync($"""
        insert into activities (id, account_id, mail_key, direction, subject, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
        values ({id}, '{account}', sha256('{mail}'), '{direction}', '{mail}', '{occurredAt}', now(), 'emailengine', 'e-{id}', 'mail.events', 0, {id}, md5('{id}'));
        insert into timeline_entries (contact_id, mail_key, occurred_at, direction)
        select id, sha256('{mail}'), '{occurredAt}', '{direction}' from contacts where name in ('{string.Join("','", contacts)}')
        on conflict do nothing;
        insert into activity_contacts (activity_id, contact_id, role, entry_id)
        select {id}, contact_id, 'from', timeline_entries.id
        from timeline_entries join contacts on contacts.id = contact_id
        where mail_key = sha256('{mail}') and name in ('{string.Join("','", contacts)}')
        """);
}
