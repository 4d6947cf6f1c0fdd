using System.Text.Json;

namespace CrmMail.SystemTests.Api;

public sealed class BlocklistTests(RunningApplication system) : IAsyncLifetime
{
    private ScratchApi _api = null!;

    private ApiClient Client => _api.Client;

    public async ValueTask InitializeAsync()
    {
        _api = await ScratchApi.StartAsync(system);
        await _api.ExecuteAsync("insert into accounts (id) values ('amy'), ('ben')");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Entries_are_added_once_listed_by_account_and_removed()
    {
        var shop = await Client.PostAsync("/api/blocklist", """{"value": " Shop.Example ", "note": " Private. "}""");
        shop.AssertStatus(201);
        Assert.Equal("shop.example  Private. test", Describe(shop.Json));
        Assert.Equal($"/api/blocklist/{shop.Json.GetProperty("id").GetString()}", shop.Headers.Location!.OriginalString);

        // To add it again changes nothing, and neither does the same value of one account.
        var again = await Client.PostAsync("/api/blocklist", """{"value": "shop.example", "note": "Other."}""");
        again.AssertStatus(200);
        Assert.Equal(shop.Text, again.Text);
        (await Client.PostAsync("/api/blocklist", """{"value": "shop.example", "accountId": "amy"}""")).AssertStatus(201);
        (await Client.PostAsync("/api/blocklist", """{"value": "Bob+x@B\u00fccher.example", "accountId": "ben"}""")).AssertStatus(201);

        Assert.Equal(["bob+x@xn--bcher-kva.example ben  test", "shop.example amy  test", "shop.example  Private. test"], await ListAsync("?limit=1"));
        Assert.Equal(["shop.example amy  test"], await ListAsync("?account=amy"));

        (await Client.DeleteAsync($"/api/blocklist/{shop.Json.GetProperty("id").GetString()}")).AssertStatus(204);
        (await Client.DeleteAsync($"/api/blocklist/{shop.Json.GetProperty("id").GetString()}")).AssertProblem(404, "not-found");
        Assert.Equal(2, (await ListAsync("")).Count);
    }

    [Theory]
    [InlineData("{}", 400, "invalid-request", "value")]
    [InlineData("""{"value": ""}""", 400, "invalid-request", "value")]
    [InlineData("""{"value": "localhost"}""", 400, "invalid-request", "value")]
    [InlineData("""{"value": "no domain.example"}""", 400, "invalid-request", "value")]
    [InlineData("""{"value": "@shop.example"}""", 400, "invalid-request", "value")]
    [InlineData("""{"value": "Ann <ann@shop.example>"}""", 400, "invalid-request", "value")]
    [InlineData("""{"value": "shop.example", "note": "a\nb"}""", 400, "invalid-request", "note")]
    [InlineData("""{"value": "shop.example", "accountId": ""}""", 400, "invalid-request", "accountId")]
    [InlineData("""{"value": "shop.example", "accountId": "nobody"}""", 404, "account-not-found", "")]
    public async Task What_cannot_be_blocked_is_refused_by_field(string json, int status, string type, string fields)
    {
        (await Client.PostAsync("/api/blocklist", json)).AssertProblem(status, type, fields);
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task The_entries_of_an_account_go_with_it()
    {
        (await Client.PostAsync("/api/blocklist", """{"value": "shop.example"}""")).AssertStatus(201);
        (await Client.PostAsync("/api/blocklist", """{"value": "ann@home.example", "accountId": "mailparse:team"}""")).AssertProblem(404, "account-not-found");
        await _api.ExecuteAsync("insert into accounts (id) values ('mailparse:team')");
        (await Client.PostAsync("/api/blocklist", """{"value": "ann@home.example", "accountId": "mailparse:team"}""")).AssertStatus(201);

        (await Client.DeleteAsync("/api/accounts/mailparse:team")).AssertStatus(200);

        Assert.Equal(["shop.example   test"], await ListAsync(""));
        (await Client.GetAsync("/api/blocklist?account=%01")).AssertProblem(400, "invalid-request", "account");
    }

    private static string Describe(JsonElement entry) => $"{entry.GetProperty("value")} {entry.GetProperty("accountId")} {entry.GetProperty("note")} {entry.GetProperty("addedBy")}";

    private async Task<List<string>> ListAsync(string query) => [.. (await Client.ReadAllAsync($"/api/blocklist{query}")).Select(Describe)];
}
