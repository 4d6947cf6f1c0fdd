using CrmMail.Api.Contacts;
using CrmMail.SystemTests.Schema;
using Npgsql;

namespace CrmMail.SystemTests.Api;

/// <summary>Contacts by the beginning of a name or an address.</summary>
public sealed class SearchTests(RunningApplication system) : IAsyncLifetime
{
    private const int Small = 20_000;
    private const int Large = 300_000;

    private ScratchApi _api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _api = await ScratchApi.StartAsync(system);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("ann", "Ann Smith, ANNA, annex@home.example")]
    [InlineData("ANN s", "Ann Smith")]
    [InlineData("smith", "Ann Smith")]
    [InlineData("bob@bücher.example", "Bob")]
    [InlineData("BOB@", "Bob")]
    [InlineData("zoë", "Zoë")]
    [InlineData("zoe\u0308", "Zoë")]
    [InlineData("100%", "100% Wool")]
    [InlineData("a_", "a_b")]
    [InlineData("_", "")]
    [InlineData("%", "")]
    [InlineData("\\", "")]
    [InlineData("🚀", "🚀 Rockets")]
    [InlineData("nobody", "")]
    public async Task The_beginning_of_a_name_or_an_address_finds(string q, string names)
    {
        await _api.Client.AddContactAsync("Ann Smith", "ann@customer.example", "ann@home.example", "smith@home.example");
        await _api.Client.AddContactAsync("ANNA", "x1@home.example");
        await _api.Client.AddContactAsync("annex@home.example", "annex@home.example");
        await _api.Client.AddContactAsync("Bob", "bob@bücher.example");
        await _api.Client.AddContactAsync("Zoë");
        await _api.Client.AddContactAsync("100% Wool");
        await _api.Client.AddContactAsync("100 Percent");
        await _api.Client.AddContactAsync("a_b");
        await _api.Client.AddContactAsync("acb");
        await _api.Client.AddContactAsync("🚀 Rockets");
        foreach (var limit in new[] { 1, 2, 50 })
        {
            var found = await _api.Client.ReadAllAsync($"/api/contacts?limit={limit}&q={Uri.EscapeDataString(q)}");
            Assert.Equal(names, string.Join(", ", found.Select(contact => contact.GetProperty("name").GetString())));
        }
    }

    [Fact]
    public async Task All_contacts_are_listed_by_name_each_once()
    {
        var random = new Random(4711);
        var names = Enumerable.Range(0, 100).Select(n => $"{(char)('a' + random.Next(26))}{n / 3}").ToList();
        foreach (var name in names)
        {
            await _api.Client.AddContactAsync(name);
        }

        var listed = await _api.Client.ReadAllAsync("/api/contacts?limit=7");
        Assert.Equal(names.Order(StringComparer.Ordinal), listed.Select(contact => contact.GetProperty("name").GetString()));
        Assert.Equal(100, listed.Select(contact => contact.GetProperty("id").GetGuid()).Distinct().Count());
    }

    [Fact]
    public async Task A_cursor_is_good_for_its_list_only()
    {
        await _api.Client.AddContactAsync("Ann");
        await _api.Client.AddContactAsync("Anna");
        var next = (await _api.Client.GetAsync("/api/contacts?limit=1")).Next;
        Assert.NotNull(next);
        (await _api.Client.GetAsync($"/api/contacts?q=ann&cursor={next}")).AssertProblem(400, "invalid-request", "cursor");
        (await _api.Client.GetAsync($"/api/contacts?cursor={next[..^3]}")).AssertProblem(400, "invalid-request", "cursor");
        (await _api.Client.GetAsync($"/api/keys?cursor={next}")).AssertProblem(400, "invalid-request", "cursor");
    }

    [Fact]
    public async Task What_no_text_can_be_is_no_search()
    {
        (await _api.Client.GetAsync("/api/contacts?q=%00")).AssertProblem(400, "invalid-request", "q");
        (await _api.Client.GetAsync($"/api/contacts?q={new string('a', 201)}")).AssertProblem(400, "invalid-request", "q");
        (await _api.Client.GetAsync("/api/contacts?q=%ff")).AssertStatus(200);
    }

    [Fact]
    public async Task The_cost_of_a_page_does_not_grow_with_the_number_of_contacts()
    {
        await GenerateAsync(1, Small);
        var small = await MeasureAsync();
        await GenerateAsync(Small + 1, Large);
        var large = await MeasureAsync();
        foreach (var (query, before) in small)
        {
            var after = large[query];
            TestContext.Current.TestOutputHelper!.WriteLine($"{query}: {Small} contacts {before}; {Large} contacts {after}");
            Assert.False(after.ReadsWholeTable, $"{query} reads a whole table: {after.Json}");
            Assert.InRange(after.Rows, 0, before.Rows * 1.2);
            // A B-tree gets a level for about every three hundredfold growth: one page more for each descent.
            Assert.InRange(after.Pages, 1, (before.Pages + after.Descents) * 1.1);
        }
    }

    private async Task<Dictionary<string, QueryPlan>> MeasureAsync()
    {
        await _api.ExecuteAsync("vacuum analyze");
        return new()
        {
            ["first page of all"] = await ExplainAsync(ContactSearch.ListPage, null, ""),
            ["later page of all"] = await ExplainAsync(ContactSearch.ListPage, null, "person 15"),
            ["search for everybody"] = await ExplainAsync(ContactSearch.SearchPage, "person", ""),
            ["later page of a search for everybody"] = await ExplainAsync(ContactSearch.SearchPage, "person", "person 15"),
            ["search for one"] = await ExplainAsync(ContactSearch.SearchPage, "person 1500.", ""),
            ["search for nobody"] = await ExplainAsync(ContactSearch.SearchPage, "zzz", ""),
        };
    }

    private async Task<QueryPlan> ExplainAsync(string sql, string? prefix, string after)
    {
        await using var command = _api.Database.DataSource.CreateCommand($"explain (analyze, buffers, timing off, format json) {sql}");
        command.Parameters.Add(new("after_key", after));
        command.Parameters.Add(new("after_id", Guid.Empty));
        command.Parameters.Add(new("limit", 51));
        if (prefix is not null)
        {
            command.Parameters.Add(new NpgsqlParameter("name", prefix));
            command.Parameters.Add(new NpgsqlParameter("address", prefix));
        }

        await command.ExecuteScalarAsync(Cancel);
        return QueryPlan.Parse((string)(await command.ExecuteScalarAsync(Cancel))!);
    }

    /// <summary>Contacts, ten of each company's domain.</summary>
    private Task GenerateAsync(int from, int to) => _api.ExecuteAsync($"""
        insert into companies (id, name)
        select ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Company ' || n from generate_series({from / 10}, {to / 10 - 1}) as n;

        insert into company_domains (domain, company_id)
        select 'company-' || n || '.example', ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid from generate_series({from / 10}, {to / 10 - 1}) as n;

        insert into contacts (id, name)
        select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Person ' || n || '.' from generate_series({from}, {to}) as n;

        insert into contact_addresses (address, contact_id)
        select 'person-' || n || '@company-' || (n - 1) / 10 || '.example', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid from generate_series({from}, {to}) as n;
        """);
}
