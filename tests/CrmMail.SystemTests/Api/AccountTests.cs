using System.Net;
using System.Text.Json;
using CrmMail.SystemTests.Processor;

namespace CrmMail.SystemTests.Api;

/// <summary>The life of an account, from the form to its removal, with EmailEngine.</summary>
public sealed class AccountTests(RunningApplication system) : IAsyncLifetime
{
    private readonly string _customer = $"ann-{Guid.NewGuid():N}@example.org";
    private ApiClient _api = null!;
    private EngineMailbox _amy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = ApiClient.Of(system);
        _amy = await EngineMailbox.ConnectAsync(system, _api);
    }

    public ValueTask DisposeAsync()
    {
        _amy.Dispose();
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_mailbox_that_was_connected_through_the_form_has_its_mail_on_the_timeline()
    {
        var ann = await _api.AddContactAsync("Ann", _customer);
        await _amy.ReceiveAsync(_customer, "Question");

        Assert.Equal("Question", Text(Assert.Single(await _amy.WaitForTimelineAsync(1)), "subject"));
        Assert.Single(await _api.ReadAllAsync($"/api/contacts/{ann}/timeline"));
        var account = await _amy.ReadAsync();
        Assert.Equal((_amy.Account, "Amy Adler", _amy.Address, "connected"), (Text(account, "id"), Text(account, "name"), Text(account, "email"), Text(account, "state")));
        Assert.Equal((1, 0), (account.GetProperty("incoming").GetInt32(), account.GetProperty("sent").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, account.GetProperty("stateSince").ValueKind);
        Assert.Contains(_amy.Account, (await _api.ReadAllAsync("/api/accounts?limit=200")).Select(listed => Text(listed, "id")));
        Assert.Equal(@"\Sent", (await _amy.ReadFromEngineAsync()).GetProperty("subconnections")[0].GetString());
    }

    [Theory]
    [InlineData("""{"name": "Amy", "email": "amy@example.com", "redirectUrl": "https://evil.example/"}""", "invalid-request", "redirectUrl")]
    [InlineData("""{"name": "Amy", "email": "amy", "redirectUrl": "http://localhost:3000@evil.example/"}""", "invalid-request", "email, redirectUrl")]
    [InlineData("""{"email": "amy@corp.test", "redirectUrl": "http://localhost:3000/"}""", "emailengine-refused", "email")]
    [InlineData("""{"email": "amy@example.com", "redirectUrl": "http://localhost:3000/", "password": "x"}""", "invalid-request", "password")]
    public async Task A_connection_that_cannot_be_made_says_by_which_field(string json, string problem, string fields)
    {
        var account = $"box-{Guid.NewGuid():N}";
        (await _api.PostAsync($"/api/accounts/{account}/connect", json)).AssertProblem(400, problem, fields);
        (await _api.GetAsync($"/api/accounts/{account}")).AssertProblem(404, "account-not-found");
    }

    [Fact]
    public async Task A_broken_mailbox_shows_why_and_is_mended()
    {
        await _amy.ControlAsync(HttpMethod.Put, "server", new { behaviour = "refusesPassword" });
        (await _api.PostAsync($"{_amy.Path}/reconnect", "{}")).AssertStatus(204);
        await EngineMailbox.WaitAsync("authentication-error", async () => Text(await _amy.ReadAsync(), "state"));
        Assert.Contains("AUTHENTICATIONFAILED", Text(await _amy.ReadAsync(), "lastError"), StringComparison.Ordinal);

        await _amy.ControlAsync(HttpMethod.Put, "server", new { behaviour = "healthy" });
        await _amy.ConnectAsync();
        Assert.Equal("connected", Text(await _amy.ReadAsync(), "state"));
    }

    [Fact]
    public async Task The_Sent_folder_is_chosen_among_those_there_are_and_the_IMAP_settings_stay()
    {
        await _amy.ReceiveAsync(_customer, "Any");
        var mail = Assert.Single(await _amy.ListAsync("INBOX"));
        await _amy.ControlAsync(HttpMethod.Post, $"messages/{Text(mail, "id")}/copy", new { folder = "Sent Messages" });
        var before = (await _amy.ReadFromEngineAsync()).GetProperty("imap");
        var folders = await _api.ReadAllAsync($"{_amy.Path}/folders");
        Assert.Contains(folders, folder => Text(folder, "path") == "Sent Messages" && folder.GetProperty("specialUse").ValueKind == JsonValueKind.Null);

        (await _api.PutAsync($"{_amy.Path}/sent-folder", """{"path": "Nowhere"}""")).AssertProblem(400, "invalid-request", "path");
        (await _api.PutAsync($"{_amy.Path}/sent-folder", "{}")).AssertProblem(400, "invalid-request", "path");
        (await _api.PutAsync($"{_amy.Path}/sent-folder", """{"path": "Sent Messages"}""")).AssertStatus(204);

        var after = (await _amy.ReadFromEngineAsync()).GetProperty("imap");
        Assert.Equal("Sent Messages", Text(after, "sentMailPath"));
        Assert.Equal((Text(before, "host"), before.GetProperty("auth").GetRawText()), (Text(after, "host"), after.GetProperty("auth").GetRawText()));
        await EngineMailbox.WaitAsync(@"\Sent", async () => (await _api.ReadAllAsync($"{_amy.Path}/folders")).Single(folder => Text(folder, "path") == "Sent Messages").GetProperty("specialUse").GetString());
    }

    [Fact]
    public async Task What_is_asked_of_an_account_that_nobody_has_is_not_found()
    {
        var unknown = $"/api/accounts/box-{Guid.NewGuid():N}";
        (await _api.GetAsync(unknown)).AssertProblem(404, "account-not-found");
        (await _api.PostAsync($"{unknown}/reconnect", "{}")).AssertProblem(404, "account-not-found");
        (await _api.GetAsync($"{unknown}/folders")).AssertProblem(404, "account-not-found");
        (await _api.PutAsync($"{unknown}/sent-folder", """{"path": "Sent"}""")).AssertProblem(404, "account-not-found");
        (await _api.PostAsync($"{unknown}/messages", """{"to": [{"address": "bob@example.org"}]}""")).AssertProblem(404, "account-not-found");
        (await _api.GetAsync("/api/accounts/%01")).AssertProblem(400, "invalid-request", "account");
    }

    [Fact]
    public async Task A_removed_account_takes_its_mail_along_leaves_that_of_others_and_stays_out()
    {
        using var colleague = await EngineMailbox.ConnectAsync(system, _api);
        var ann = await _api.AddContactAsync("Ann", _customer);
        await _amy.ReceiveAsync(_customer, "Only Amy");
        await ShareAsync(colleague, "Amy and colleague");
        await _amy.WaitForTimelineAsync(2);
        await colleague.WaitForTimelineAsync(1);

        var removed = await _api.DeleteAsync(_amy.Path);
        removed.AssertStatus(200);
        Assert.Equal(
            (true, 2, 1),
            (removed.Json.GetProperty("inEmailEngine").GetBoolean(), removed.Json.GetProperty("activities").GetInt32(), removed.Json.GetProperty("timelineEntries").GetInt32()));
        Assert.True(removed.Json.GetProperty("skips").GetInt32() > 0, removed.Text);

        (await _api.GetAsync(_amy.Path)).AssertProblem(404, "account-not-found");
        Assert.DoesNotContain(_amy.Account, (await _api.ReadAllAsync("/api/accounts")).Select(listed => Text(listed, "id")));
        var left = Assert.Single(await _api.ReadAllAsync($"/api/contacts/{ann}/timeline"));
        Assert.Equal(("Amy and colleague", colleague.Account), (Text(left, "subject"), Assert.Single(left.GetProperty("accountIds").EnumerateArray()).GetString()));

        await AssertStaysOutAsync();

        // Again is no error, and finds nothing.
        var again = await _api.DeleteAsync(_amy.Path);
        Assert.Equal((200, false, 0), (again.Status, again.Json.GetProperty("inEmailEngine").GetBoolean(), again.Json.GetProperty("activities").GetInt32()));

        // Connected again it is a new account.
        await _amy.ConnectAsync();
        await _amy.ReceiveAsync(_customer, "A new beginning");
        Assert.Equal("A new beginning", Text(Assert.Single(await _amy.WaitForTimelineAsync(1)), "subject"));
        Assert.Equal(1, (await _amy.ReadAsync()).GetProperty("incoming").GetInt32());
    }

    [Fact]
    public async Task Without_EmailEngine_what_is_stored_can_be_read_and_nothing_is_half_done()
    {
        await _api.AddContactAsync("Ann", _customer);
        await _amy.ReceiveAsync(_customer, "Question");
        await _amy.WaitForTimelineAsync(1);
        await system.Application.ResourceCommands.ExecuteCommandAsync("emailengine", KnownResourceCommands.StopCommand, Cancel);
        try
        {
            var removal = await _api.DeleteAsync(_amy.Path);
            removal.AssertProblem(503, "emailengine-unavailable");
            Assert.NotNull(removal.Headers.RetryAfter);
            (await _api.PostAsync($"{_amy.Path}/connect", """{"email": "amy@example.com", "redirectUrl": "http://localhost:3000/"}""")).AssertProblem(503, "emailengine-unavailable");
            (await _api.PostAsync($"{_amy.Path}/reconnect", "{}")).AssertProblem(503, "emailengine-unavailable");
            (await _api.PostAsync($"{_amy.Path}/messages", """{"to": [{"address": "bob@example.org"}]}""")).AssertProblem(503, "emailengine-unavailable");

            Assert.Single(await _amy.WaitForTimelineAsync(1));
            Assert.Equal("connected", Text(await _amy.ReadAsync(), "state"));
            using var http = system.Application.CreateHttpClient("api", "http");
            await EngineMailbox.WaitAsync((HttpStatusCode.OK, "Degraded"), async () =>
            {
                using var health = await http.GetAsync("/health", Cancel);
                return (health.StatusCode, Text(JsonElement.Parse(await health.Content.ReadAsStringAsync(Cancel)), "status"));
            });
        }
        finally
        {
            await system.Application.ResourceCommands.ExecuteCommandAsync("emailengine", KnownResourceCommands.StartCommand, CancellationToken.None);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await system.WaitUntilHealthyAsync("emailengine", deadline.Token);
        }

        var removed = await _api.DeleteAsync(_amy.Path);
        removed.AssertStatus(200);
        Assert.Equal(1, removed.Json.GetProperty("activities").GetInt32());
    }

    /// <summary>The same mail in both mailboxes.</summary>
    private async Task ShareAsync(EngineMailbox colleague, string subject)
    {
        var mail = new { from = new { name = "Ann", address = _customer }, subject, text = "Hello both", messageId = $"<{Guid.NewGuid()}@example.org>" };
        await _amy.ControlAsync(HttpMethod.Post, "messages", mail);
        await colleague.ControlAsync(HttpMethod.Post, "messages", mail);
    }

    /// <summary>A webhook that was on its way while the account was removed.</summary>
    private async Task AssertStaysOutAsync()
    {
        await using var late = await Mailbox.OpenAsync(system, _amy.Account);
        var eventId = Guid.NewGuid().ToString();
        await late.SendAsync(late.MailFrom(_customer, $"late-{Guid.NewGuid()}@example.org", "Late"), eventId);
        await EngineMailbox.WaitAsync("account-deleted", async () =>
            await _api.GetAsync($"/api/events/{eventId}") is { Status: 200 } outcome ? outcome.Json.GetProperty("skipReason").GetString() : "nothing yet");
        Assert.Empty(await _api.ReadAllAsync($"{_amy.Path}/timeline"));
        Assert.Equal("deleted |  | 0 | 0", await late.ReadTombstoneAsync());
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
