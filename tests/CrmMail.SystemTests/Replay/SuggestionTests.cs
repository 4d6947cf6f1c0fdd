using System.Text.Json;
using CrmMail.Api.Accounts;
using CrmMail.Contracts;
using CrmMail.SystemTests.Api;

namespace CrmMail.SystemTests.Replay;

/// <summary>Whose an address of nobody may be is suggested, and only a person says that it is.</summary>
public sealed class SuggestionTests(RunningApplication system) : IAsyncLifetime
{
    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system);
        await _stand.ProduceAsync("a", "authenticationSuccess", "\"user\":\"a@corp.example\"", "2026-06-01T08:00:00.000Z");
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Theory]
    [InlineData("Ann Smith", "Ann Smith", true)]
    [InlineData("Ann Smith", "SMITH, Ann", true)]
    [InlineData("Ann Smith", "ann  smith.", true)]
    [InlineData("Ann Smith-Jones", "Jones Smith Ann", true)]
    [InlineData("Zo\u00eb \u00d6z", "ZOE\u0308 O\u0308Z", true)]
    [InlineData("\u674e\u96f7", "\u674e\u96f7", true)]
    [InlineData("O'Neil, M.-A.", "[M@A] 'o_neil'", true)]
    [InlineData("Ann Smith", "Ann", false)]
    [InlineData("Ann Smith", "Ann B. Smith", false)]
    [InlineData("Ann Smith", "Anne Smith", false)]
    [InlineData("-", ".", false)]
    public async Task Names_are_the_same_by_their_words(string contact, string name, bool isSame)
    {
        await _stand.AddContactAsync(contact, "ann@customer.example");
        await ComeAsync("mail", name, "a.smith@customer.example");
        await _stand.ProcessLiveAsync();

        Assert.Equal(isSame ? $"a.smith@customer.example {contact}" : "", await SuggestedAsync());
    }

    [Fact]
    public async Task What_is_suggested_is_shown_explained_and_linked_only_when_somebody_accepts()
    {
        var ann = await _stand.AddContactAsync("Ann Smith", "ann@home.example", "ann@customer.example");
        var bob = await _stand.AddContactAsync("Bob", "bob@customer.example");
        await ComeAsync("in", "Smith, Ann", "a.smith@customer.example", "09:00");
        await GoAsync("out", """{"name":"Ann Smith","address":"a.smith@customer.example"},{"address":"bob@customer.example"}""", "10:00");
        await ComeAsync("elsewhere", "Ann Smith", "ann@other.example", "11:00");
        await _stand.ProcessLiveAsync();

        var suggestion = Assert.Single(await _stand.Client.ReadAllAsync("/api/suggestions"));
        Assert.Equal(
            $"a.smith@customer.example|{ann}|Ann Smith|ann@customer.example|1|1|09:00|10:00",
            string.Join('|',
                Text(suggestion, "address"), Text(suggestion, "contactId"), Text(suggestion, "contactName"), Text(suggestion, "contactAddress"),
                suggestion.GetProperty("incomingCount").GetInt64(), suggestion.GetProperty("sentCount").GetInt64(),
                suggestion.GetProperty("firstSeenAt").GetDateTimeOffset().ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture),
                suggestion.GetProperty("lastSeenAt").GetDateTimeOffset().ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("a.smith@customer.example Ann Smith", await SuggestedAsync($"?contact={ann}"));
        Assert.Equal("", await SuggestedAsync($"?contact={bob}"));
        Assert.Equal("nobody Ann Smith, contact ", await ExplainedAsync("out"));
        Assert.Equal("", await TimelineAsync(ann));

        Assert.Equal(
            ["ann@home.example", "ann@customer.example", "a.smith@customer.example"],
            (await AcceptAsync("A.Smith@customer.example", ann)).GetProperty("addresses").EnumerateArray().Select(address => address.GetString()));
        await AcceptAsync("a.smith@customer.example", ann);
        await _stand.LinkPastMailAsync();

        Assert.Equal("in, out", await TimelineAsync(ann));
        Assert.Equal("", await SuggestedAsync());
        Assert.Equal("contact , contact ", await ExplainedAsync("out"));
        Assert.Equal("ann@other.example ann smith", await NamesAsync());

        // Who loses the address again may have it.
        (await _stand.Client.PutAsync($"/api/contacts/{ann}", """{"name": "Ann Smith", "addresses": ["ann@customer.example"]}""")).AssertStatus(200);
        await _stand.LinkPastMailAsync();
        Assert.Equal("a.smith@customer.example Ann Smith", await SuggestedAsync());
    }

    [Fact]
    public async Task What_was_dismissed_is_not_suggested_again_whatever_comes()
    {
        var ann = await _stand.AddContactAsync("Ann Smith", "ann@customer.example");
        var other = await _stand.AddContactAsync("Ann Smith", "ann.s@customer.example");
        await ComeAsync("1", "Ann Smith", "a.smith@customer.example");
        await _stand.ProcessLiveAsync();
        Assert.Equal("a.smith@customer.example Ann Smith, a.smith@customer.example Ann Smith", await SuggestedAsync());

        await DismissAsync("a.smith@customer.example", ann);
        await DismissAsync("a.smith@customer.example", ann);
        await ComeAsync("2", "Smith, Ann", "a.smith@customer.example");
        await _stand.ProcessLiveAsync();
        await _stand.RunAsync("rebuild");

        Assert.Equal("", await SuggestedAsync($"?contact={ann}"));
        Assert.Equal("a.smith@customer.example Ann Smith", await SuggestedAsync());
        (await PostAsync("accept", "a.smith@customer.example", ann)).AssertProblem(404, "not-found");

        // What was said of a contact is said of the one into which it is merged.
        (await _stand.Client.PostAsync($"/api/contacts/{ann}/merge", $$"""{"into": "{{other}}"}""")).AssertStatus(202);
        await _stand.LinkPastMailAsync();
        Assert.Equal("", await SuggestedAsync());
        (await PostAsync("dismiss", "a.smith@customer.example", ann)).AssertProblem(410, "contact-merged");
        (await PostAsync("accept", "a.smith@customer.example", ann)).AssertProblem(410, "contact-merged");
    }

    [Fact]
    public async Task Nobody_is_suggested_who_is_known_erased_or_many()
    {
        await _stand.AddContactAsync("Ann Smith", "ann@customer.example");
        var eve = await _stand.AddContactAsync("Eve", "eve@customer.example");
        await ComeAsync("known", "Ann Smith", "ann+x@customer.example");
        await ComeAsync("erased", "Ann Smith", "eve@customer.example");
        await ComeAsync("erased-too", "Ann Smith", "eve+x@customer.example");
        await ComeAsync("newsletter", "Ann Smith", "news@customer.example", more: ""","headers":{"list-unsubscribe":["<x>"]} """);
        foreach (var n in Enumerable.Range(0, 30))
        {
            await ComeAsync($"desk-{n}", n == 0 ? "Ann Smith" : $"Agent {n}", "desk@customer.example");
        }

        await _stand.ProcessLiveAsync();
        (await _stand.Client.DeleteAsync($"/api/contacts/{eve}")).AssertStatus(200);
        await _stand.RunAsync("fill");

        Assert.Equal("", await SuggestedAsync());
        Assert.DoesNotContain("eve", await NamesAsync(), StringComparison.Ordinal);

        // The account goes, and what is known by it alone.
        await new AccountRemoval(_stand.Database.DataSource).RemoveAsync(AccountId.Parse(_stand.Account("a")), Cancel);
        Assert.Equal("", await NamesAsync());
    }

    [Fact]
    public async Task A_dry_run_keeps_no_names_and_a_fill_keeps_those_of_the_past()
    {
        await _stand.AddContactAsync("Ann Smith", "ann@customer.example");
        await ComeAsync("mail", "Ann Smith", "a.smith@customer.example");
        await _stand.ProcessLiveAsync();
        await _stand.Database.ExecuteAsync("delete from address_names", Cancel);

        await _stand.RunAsync("rebuild", execute: false);
        Assert.Equal("", await NamesAsync());
        await _stand.RunAsync("fill");
        Assert.Equal("a.smith@customer.example Ann Smith", await SuggestedAsync());
    }

    [Fact]
    public async Task A_list_of_many_is_read_page_by_page()
    {
        foreach (var n in Enumerable.Range(0, 3))
        {
            await _stand.AddContactAsync("Ann Smith", $"ann{n}@customer.example");
        }

        await _stand.Database.ExecuteAsync(
            """
            insert into address_names (address, name_key)
            select address, case when n % 2500 = 7 then 'ann smith' else n || ' somebody' end
            from generate_series(1, 6000) as n
            cross join lateral (select 'p' || lpad(n::text, 5, '0') || '@customer.example' as address) as made;
            insert into address_ledger (account_id, source, event_id, role, address_key, address, mailbox, direction, mail_key, occurred_at, partition, "offset")
            select 'amy', 'emailengine', address, 'from', sha256(address::bytea), address, address, 'incoming', sha256(address::bytea), '2026-06-01Z', 0, 1
            from address_names;
            """, Cancel);

        foreach (var limit in new[] { 1, 2, 4, 50 })
        {
            Assert.Equal(
                string.Join(", ", Enumerable.Range(0, 9).Select(n => $"p0{2500 * (n / 3) + 7:0000}@customer.example Ann Smith")),
                await SuggestedAsync($"?limit={limit}"));
        }
    }

    [Fact]
    public async Task Requests_that_mean_nothing_are_refused_by_field()
    {
        var ann = await _stand.AddContactAsync("Ann Smith", "ann@customer.example");
        var nobody = Guid.NewGuid().ToString();
        foreach (var decision in new[] { "accept", "dismiss" })
        {
            (await _stand.Client.PostAsync($"/api/suggestions/{decision}", "{}")).AssertProblem(400, "invalid-request", "address, contactId");
            (await PostAsync(decision, "a.smith@customer.example", nobody)).AssertProblem(404, "not-found");
        }

        (await PostAsync("accept", "a.smith@customer.example", ann)).AssertProblem(404, "not-found");
        (await _stand.Client.GetAsync("/api/suggestions?cursor=x")).AssertProblem(400, "invalid-request", "cursor");
        (await _stand.Client.GetAsync("/api/suggestions?limit=0")).AssertProblem(400, "invalid-request", "limit");
    }

    private Task ComeAsync(string id, string name, string from, string time = "12:00", string more = "") => ProduceAsync(
        id, "Inbox", time, $$""" "from":{"name":{{JsonSerializer.Serialize(name)}},"address":"{{from}}"},"to":[{"address":"a@corp.example"}]{{more}} """);

    private Task GoAsync(string id, string to, string time) =>
        ProduceAsync(id, "Sent", time, $$""" "from":{"address":"a@corp.example"},"to":[{{to}}] """);

    private Task ProduceAsync(string id, string folder, string time, string people) => _stand.ProduceAsync(
        "a",
        "messageNew",
        $$"""
        "id":"{{folder}}-{{id}}","path":"{{folder}}","messageSpecialUse":"\\{{folder}}","messageId":"<{{id}}@{{_stand.Name}}>","subject":"{{id}}","date":"2026-06-01T{{time}}:00.000Z",{{people}}
        """,
        $"2026-06-01T{time}:01.000Z",
        id);

    private async Task<string> SuggestedAsync(string query = "") => string.Join(
        ", ", (await _stand.Client.ReadAllAsync($"/api/suggestions{query}")).Select(suggestion => $"{Text(suggestion, "address")} {Text(suggestion, "contactName")}"));

    private async Task<JsonElement> AcceptAsync(string address, string contact)
    {
        var answer = await PostAsync("accept", address, contact);
        answer.AssertStatus(200);
        return answer.Json;
    }

    private async Task DismissAsync(string address, string contact) => (await PostAsync("dismiss", address, contact)).AssertStatus(204);

    private Task<ApiAnswer> PostAsync(string decision, string address, string contact) =>
        _stand.Client.PostAsync($"/api/suggestions/{decision}", $$"""{"address": "{{address}}", "contactId": "{{contact}}"}""");

    private async Task<string> ExplainedAsync(string subject)
    {
        var id = await _stand.Database.QueryAsync<long>($"select id from activities where subject = '{subject}'", Cancel);
        var explained = (await _stand.Client.GetAsync($"/api/activities/{id}/explain")).Json.GetProperty("addresses");
        return string.Join(", ", explained.EnumerateArray()
            .Where(address => Text(address, "role") == "to")
            .Select(address => $"{Text(address, "outcome")} {string.Join(' ', address.GetProperty("suggestions").EnumerateArray().Select(suggestion => Text(suggestion, "contactName")))}"));
    }

    private Task<string> NamesAsync() => _stand.Database.QueryAsync<string>("select coalesce(string_agg(address || ' ' || name_key, ', ' order by address, name_key), '') from address_names", Cancel);

    private async Task<string> TimelineAsync(string contact)
    {
        var items = await _stand.Client.ReadAllAsync($"/api/contacts/{contact}/timeline");
        return string.Join(", ", items.Select(item => Text(item, "subject")).Order(StringComparer.Ordinal));
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
