using CrmMail.Contracts;

namespace CrmMail.SystemTests.Api;

public sealed class ContactPolicyApiTests(RunningApplication system) : IAsyncLifetime
{
    private ScratchApi _api = null!;

    private ApiClient Client => _api.Client;

    public async ValueTask InitializeAsync() => _api = await ScratchApi.StartAsync(system);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task The_policy_is_none_until_an_operator_sets_it_which_the_audit_tells()
    {
        Assert.Equal("""{"policy":"none"}""", (await Client.GetAsync("/api/settings/contacts")).Text);
        foreach (var policy in Enum.GetValues<ContactPolicy>().Select(policy => policy.ToText()))
        {
            var set = await Client.PutAsync("/api/settings/contacts", $$"""{"policy": "{{policy}}"}""");
            set.AssertStatus(200);
            Assert.Equal($$"""{"policy":"{{policy}}"}""", set.Text);
            Assert.Equal(set.Text, (await Client.GetAsync("/api/settings/contacts")).Text);
        }

        var audit = await Client.ReadAllAsync("/api/audit?action=contact-policy.set");
        Assert.Equal(["sent-and-received", "sent", "none"], audit.Select(entry => entry.GetProperty("request").GetProperty("policy").GetString()));
        Assert.All(audit, entry => Assert.Equal("test", entry.GetProperty("actor").GetString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"policy": null}""")]
    [InlineData("""{"policy": "received"}""")]
    public async Task Another_policy_is_refused(string json)
    {
        (await Client.PutAsync("/api/settings/contacts", json)).AssertProblem(400, "invalid-request", "policy");
        Assert.Equal("""{"policy":"none"}""", (await Client.GetAsync("/api/settings/contacts")).Text);
    }

    [Fact]
    public async Task It_takes_the_scope_of_operation()
    {
        await _api.ExecuteAsync($"insert into api_keys (sha256, name, scopes) values (decode('{Convert.ToHexString(ApiKeyHash.Of("a-key-for-crm-alone-0123456789abcd"))}', 'hex'), 'crm', '{{crm}}')");
        using var crm = _api.NewClient("a-key-for-crm-alone-0123456789abcd");
        (await crm.GetAsync("/api/settings/contacts")).AssertProblem(403, "missing-scope");
        (await crm.PutAsync("/api/settings/contacts", """{"policy": "sent"}""")).AssertProblem(403, "missing-scope");
    }

    [Fact]
    public async Task A_contact_that_somebody_enters_has_no_event()
    {
        var contact = await Client.PostAsync("/api/contacts", """{"name": "Zoe", "addresses": ["zoe@prospect.example"]}""");
        contact.AssertStatus(201);
        Assert.Equal("entered", contact.Json.GetProperty("origin").GetString());
        Assert.False(contact.Json.TryGetProperty("originEvent", out var told) && told.ValueKind == System.Text.Json.JsonValueKind.Object);
    }
}
