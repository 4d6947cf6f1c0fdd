using System.Text.Json;

namespace CrmMail.SystemTests.Api;

/// <summary>API keys: who gets in, and how operators hand them out.</summary>
public sealed class AccessTests(RunningApplication system) : IAsyncLifetime
{
    private ScratchApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await ScratchApi.StartAsync(system);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task The_key_of_the_AppHost_lets_in()
    {
        using var client = ApiClient.Of(system);
        (await client.GetAsync("/api/contacts?limit=1")).AssertStatus(200);
    }

    [Fact]
    public async Task A_wrong_and_a_revoked_key_are_refused_with_the_same_words()
    {
        var made = await MakeKeyAsync("crm");
        (await _api.Client.DeleteAsync($"/api/keys/{made.GetProperty("id").GetString()}")).AssertStatus(204);

        var answers = new List<ApiAnswer>();
        foreach (var key in new[] { made.GetProperty("key").GetString(), "a-key-that-nobody-has-ever-made-0123456789", null })
        {
            using var client = _api.NewClient(key);
            answers.Add(await client.GetAsync("/api/contacts"));
        }

        Assert.All(answers, answer => answer.AssertProblem(401, "unauthenticated"));
        Assert.Single(answers.Select(answer => string.Join(' ', answer.Json.EnumerateObject().Where(member => member.Name != "traceId"))).Distinct());
    }

    [Theory]
    [InlineData("crm", "/api/keys", "ops")]
    [InlineData("ops", "/api/contacts", "crm")]
    public async Task A_key_without_the_scope_is_told_which_one_it_lacks(string has, string path, string needs)
    {
        using var client = _api.NewClient((await MakeKeyAsync(has)).GetProperty("key").GetString());
        var answer = await client.GetAsync(path);
        answer.AssertProblem(403, "missing-scope");
        Assert.Contains($"scope {needs}", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_a_hash()
    {
        var made = await MakeKeyAsync("crm");
        var key = made.GetProperty("key").GetString()!;
        var listed = await _api.Client.ReadAllAsync("/api/keys?limit=1");
        Assert.Contains(made.GetProperty("id").GetString(), listed.Select(item => item.GetProperty("id").GetString()));
        Assert.DoesNotContain(key, string.Concat(listed), StringComparison.Ordinal);
        Assert.DoesNotContain(key, await _api.QueryAsync<string>("select string_agg(api_keys::text, ' ') from api_keys"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_checked_like_every_other_request()
    {
        (await _api.Client.PostAsync("/api/keys", """{"name": " ", "scopes": []}""")).AssertProblem(400, "invalid-request", "name, scopes");
        (await _api.Client.PostAsync("/api/keys", """{"name": "x", "scopes": ["root"]}""")).AssertProblem(400, "invalid-request", "scopes[0]");
        (await _api.Client.DeleteAsync("/api/keys/unknown")).AssertProblem(404, "not-found");
        (await _api.Client.DeleteAsync($"/api/keys/{new string('0', 64)}")).AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task A_key_that_calls_too_often_waits_and_others_do_not()
    {
        await using var api = await ScratchApi.StartAsync(system, ("Access:RequestBurst", "3"), ("Access:RequestsPerSecond", "1"));
        using var other = api.NewClient((await api.Client.PostAsync("/api/keys", """{"name": "other", "scopes": ["crm"]}""")).Json.GetProperty("key").GetString());
        ApiAnswer answer;
        var calls = 0;
        while ((answer = await api.Client.GetAsync("/api/contacts")).Status == 200)
        {
            Assert.True(++calls < 100, "The key was never refused.");
        }

        answer.AssertProblem(429, "rate-limited");
        Assert.Equal(1, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        (await other.GetAsync("/api/contacts")).AssertStatus(200);
    }

    private async Task<JsonElement> MakeKeyAsync(string scope)
    {
        var made = await _api.Client.PostAsync("/api/keys", $$"""{"name": "a test", "scopes": ["{{scope}}"]}""");
        made.AssertStatus(201);
        return made.Json;
    }
}
