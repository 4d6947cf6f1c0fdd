namespace CrmMail.SystemTests.Api;

public sealed class ContactTests(RunningApplication system) : IAsyncLifetime
{
    private ScratchApi _api = null!;

    private ApiClient Client => _api.Client;

    public async ValueTask InitializeAsync() => _api = await ScratchApi.StartAsync(system);

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_contact_is_made_read_and_changed()
    {
        await _api.ExecuteAsync("insert into companies (id, name) values ('00000000-0000-7000-8000-000000000001', 'Customer')");
        var made = await Client.PostAsync("/api/contacts", """{"name": " Ann Smith ", "addresses": ["Ann@Customer.example", "ann@CUSTOMER.example", "ann@müller.example"], "companyId": "00000000-0000-7000-8000-000000000001"}""");
        made.AssertStatus(201);
        Assert.Equal("Ann Smith", made.Json.GetProperty("name").GetString());
        Assert.Equal(["ann@customer.example", "ann@xn--mller-kva.example"], made.Json.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()));

        var path = made.Headers.Location!.OriginalString;
        Assert.Equal(made.Text, (await Client.GetAsync(path)).Text);

        var changed = await Client.PutAsync(path, """{"name": "Ann Jones", "addresses": ["ann@müller.example", "jones@customer.example"]}""");
        changed.AssertStatus(200);
        Assert.Equal("Ann Jones ann@xn--mller-kva.example,jones@customer.example ", $"{changed.Json.GetProperty("name")} {string.Join(',', changed.Json.GetProperty("addresses").EnumerateArray())} {changed.Json.GetProperty("companyId")}");
        Assert.True(changed.Json.GetProperty("updatedAt").GetDateTimeOffset() > changed.Json.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Equal(changed.Text, (await Client.GetAsync(path)).Text);

        // The address that was given up is free.
        await Client.AddContactAsync("Another Ann", "ann@customer.example");
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name": "  ", "addresses": []}""", "name")]
    [InlineData("""{"name": "a\u0000b"}""", "name")]
    [InlineData("""{"addresses": ["ann"]}""", "addresses[0]")]
    [InlineData("""{"addresses": ["ann@example.org", null, "", " ", "@", "@example.org", "ann@"]}""", "addresses[1], addresses[2], addresses[3], addresses[4], addresses[5], addresses[6]")]
    [InlineData("""{"addresses": ["Ann <ann@example.org>"]}""", "addresses[0]")]
    [InlineData("""{"addresses": ["<ann@example.org>"]}""", "addresses[0]")]
    [InlineData("""{"addresses": ["ann@example.org, bob@example.org"]}""", "addresses[0]")]
    [InlineData("""{"addresses": ["ann\u0000@example.org"]}""", "addresses[0]")]
    [InlineData("""{"addresses": ["amy@corp.example"]}""", "addresses[0]")]
    [InlineData("""{"name": "Ann", "companyId": "00000000-0000-7000-8000-000000000002"}""", "companyId")]
    [InlineData("""{"name": "Ann", "companyId": "none"}""", "companyId")]
    [InlineData("""{"name": "Ann", "address": "ann@example.org"}""", "address")]
    public async Task What_cannot_be_a_contact_is_refused_by_field(string json, string fields)
    {
        await _api.ExecuteAsync("insert into accounts (id) values ('amy'); insert into account_addresses (account_id, address) values ('amy', 'amy@corp.example')");
        var answer = await Client.PostAsync("/api/contacts", json);
        answer.AssertProblem(400, "invalid-request", fields);
        Assert.Equal(0, await _api.QueryAsync<long>("select count(*) from contacts"));
    }

    [Fact]
    public async Task Sizes_are_limited_by_field_and_the_body_as_a_whole()
    {
        var tooLong = new string('a', 250) + "@example.org";
        (await Client.PostAsync("/api/contacts", $$"""{"name": "{{new string('n', 501)}}", "addresses": ["{{tooLong}}"]}""")).AssertProblem(400, "invalid-request", "name, addresses[0]");
        (await Client.PostAsync("/api/contacts", WithAddresses(101))).AssertProblem(400, "invalid-request", "addresses");
        (await Client.PostAsync("/api/contacts", $$"""{"name": "{{new string('n', 70_000)}}"}""")).AssertProblem(413, "body-too-large");
        Assert.Equal(100, (await Client.PostAsync("/api/contacts", WithAddresses(100))).Json.GetProperty("addresses").GetArrayLength());
    }

    [Fact]
    public async Task An_address_of_another_contact_is_a_conflict_that_names_both()
    {
        var ann = await Client.AddContactAsync("Ann", "ann@example.org");
        var bob = await Client.AddContactAsync("Bob", "bob@example.org");

        var made = await Client.PostAsync("/api/contacts", """{"name": "Carol", "addresses": ["carol@example.org", "ANN@example.org"]}""");
        made.AssertProblem(409, "address-taken", "addresses[1]");
        var conflict = made.Json.GetProperty("conflicts").EnumerateArray().Single();
        Assert.Equal(("addresses[1]", ann), (conflict.GetProperty("field").GetString(), conflict.GetProperty("contactId").GetGuid()));

        (await Client.PutAsync($"/api/contacts/{bob}", """{"name": "Bob", "addresses": ["ann@example.org", "bob@example.org"]}""")).AssertProblem(409, "address-taken", "addresses[0]");
        Assert.Equal("bob@example.org", (await Client.GetAsync($"/api/contacts/{bob}")).Json.GetProperty("addresses")[0].GetString());
        Assert.Equal(2, await _api.QueryAsync<long>("select count(*) from contacts"));
    }

    [Fact]
    public async Task Of_many_who_want_one_address_at_once_one_gets_it_and_the_others_are_told()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            Client.PostAsync("/api/contacts", $$"""{"addresses": ["wanted@example.org", "{{n}}@example.org", "x{{20 - n}}@example.org"]}""")));
        Assert.Equal(1, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.AssertProblem(409, "address-taken", "addresses[0]"));
        Assert.Equal(3, await _api.QueryAsync<long>("select count(*) from contact_addresses"));
    }

    [Fact]
    public async Task Nobody_is_not_found()
    {
        var nobody = $"/api/contacts/{Guid.CreateVersion7()}";
        (await Client.GetAsync(nobody)).AssertProblem(404, "not-found");
        (await Client.PutAsync(nobody, """{"name": "Ann"}""")).AssertProblem(404, "not-found");
        (await Client.GetAsync($"{nobody}/timeline")).AssertProblem(404, "not-found");
        (await Client.GetAsync("/api/contacts/17")).AssertProblem(400, "invalid-request", "id");
    }

    private static string WithAddresses(int count) => $$"""{"addresses": [{{string.Join(',', Enumerable.Range(0, count).Select(n => $"\"{n}@example.org\""))}}]}""";
}
