using System.Text.Json.Nodes;
using EmailEngineSimulator.Tests.Running;

namespace EmailEngineSimulator.Tests;

public sealed class AccountTests(SharedSimulator shared)
{
    private readonly RunningSimulator _simulator = shared.Simulator;

    [Fact]
    public async Task Registering_an_account_again_updates_it()
    {
        var account = _simulator.NewAccountId();

        var first = await _simulator.CallAsync("POST", "/v1/account", Requests.Account(account, "amy@example.com"));
        var second = await _simulator.CallAsync("POST", "/v1/account", Requests.Account(account, "new@example.com"));

        Assert.Equal(("new", "existing"), ((string)first["state"]!, (string)second["state"]!));
        Assert.Equal("new@example.com", (string)(await _simulator.CallAsync("GET", $"/v1/account/{account}"))["email"]!);
    }

    [Fact]
    public async Task Passwords_are_masked()
    {
        var account = await NewAccountAsync();

        var described = await _simulator.CallAsync("GET", $"/v1/account/{account}");

        Assert.Equal(("******", "******"), ((string)described["imap"]!["auth"]!["pass"]!, (string)described["smtp"]!["auth"]!["pass"]!));
    }

    [Fact]
    public async Task A_partial_update_keeps_the_IMAP_settings_and_chooses_the_Sent_folder()
    {
        var account = await NewAccountAsync();
        await _simulator.DeliverAsync(account, Requests.Json("""{ "folder": "Sent Messages", "flags": ["\\Seen"] }"""));

        await _simulator.CallAsync("PUT", $"/v1/account/{account}", Requests.Json("""{ "imap": { "partial": true, "sentMailPath": "Sent Messages" } }"""));
        await WaitForStateAsync(account, "connected");

        var folders = (await _simulator.CallAsync("GET", $"/v1/account/{account}/mailboxes"))["mailboxes"]!.AsArray();
        var sent = folders.Single(folder => (string?)folder!["specialUse"] == "\\Sent")!;
        Assert.Equal(("Sent Messages", "user"), ((string)sent["path"]!, (string)sent["specialUseSource"]!));
    }

    [Fact]
    public async Task An_update_that_is_not_partial_wipes_the_IMAP_settings()
    {
        var account = await NewAccountAsync();

        await _simulator.CallAsync("PUT", $"/v1/account/{account}", Requests.Json("""{ "imap": { "sentMailPath": "Sent" } }"""));

        await _simulator.Receiver.WaitForAsync(account, "connectError");
        var described = await _simulator.CallAsync("GET", $"/v1/account/{account}");
        Assert.Equal("""{"sentMailPath":"Sent"}""", described["imap"]!.ToJsonString());
        Assert.Equal(("connectError", "ECONNREFUSED"), ((string)described["state"]!, (string)described["lastError"]!["serverResponseCode"]!));
    }

    [Fact]
    public async Task A_refused_password_is_announced_and_a_right_one_connects_what_arrived_meanwhile()
    {
        var account = await NewAccountAsync();
        await _simulator.SendAsync("PUT", $"/simulator/mailboxes/{account}/server", Requests.Json("""{ "behaviour": "refusesPassword" }"""));
        await _simulator.Receiver.WaitForAsync(account, "authenticationError");

        await _simulator.DeliverAsync(account, new JsonObject { ["subject"] = "Meanwhile" });
        var unreadable = await _simulator.SendAsync("GET", $"/v1/account/{account}/messages?path=INBOX");
        var uncounted = await _simulator.SendAsync("GET", $"/v1/account/{account}/mailboxes?counters=true");
        var listed = await _simulator.CallAsync("GET", $"/v1/account/{account}/mailboxes");
        var state = (string)(await _simulator.CallAsync("GET", $"/v1/account/{account}"))["state"]!;
        var announcedTooEarly = _simulator.Receiver.All.Any(webhook => webhook.Account == account && webhook.Event == "messageNew");
        await _simulator.SendAsync("PUT", $"/simulator/mailboxes/{account}/server", Requests.Json("""{ "behaviour": "healthy" }"""));

        Assert.Equal("Meanwhile", (string)(await _simulator.Receiver.WaitForAsync(account, "messageNew")).Data["subject"]!);
        Assert.Equal((503, "IMAPUnavailable"), (uncounted.Status, (string)uncounted.Body!["code"]!));
        Assert.Equal("INBOX", (string)listed["mailboxes"]![0]!["path"]!);
        Assert.Equal((503, "IMAPUnavailable", "authenticationError", false), (unreadable.Status, (string)unreadable.Body!["code"]!, state, announcedTooEarly));
    }

    [Fact]
    public async Task A_mail_that_arrives_before_the_first_connection_is_announced_after_the_folders()
    {
        var account = _simulator.NewAccountId();
        await _simulator.CallAsync("POST", "/v1/account", Requests.Account(account, "late@example.com", password: "wrong"));
        await _simulator.DeliverAsync(account, new JsonObject());
        var unlisted = await _simulator.SendAsync("GET", $"/v1/account/{account}/mailboxes");

        await _simulator.CallAsync("PUT", $"/v1/account/{account}", Requests.Json("""{ "imap": { "partial": true, "auth": { "user": "late@example.com", "pass": "right" } } }"""));

        var arrived = await _simulator.Receiver.WaitForAsync(account, "messageNew");
        Assert.Equal((503, "NotYetConnected"), (unlisted.Status, (string)unlisted.Body!["code"]!));
        Assert.Equal("\\Inbox", (string)arrived.Data["messageSpecialUse"]!);
        Assert.Equal(["accountInitialized", "messageNew"], EventsOf(account).TakeLast(2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reconnecting_a_healthy_account_is_announced_to_nobody(bool reconnect)
    {
        var account = await NewAccountAsync();

        var answer = await _simulator.CallAsync("PUT", $"/v1/account/{account}/reconnect", new JsonObject { ["reconnect"] = reconnect });
        await WaitForStateAsync(account, "connected");
        await _simulator.DeliverAsync(account, new JsonObject());

        await _simulator.Receiver.WaitForAsync(account, "messageNew");
        Assert.Equal(reconnect, (bool)answer["reconnect"]!);
        Assert.Equal(["accountInitialized", "messageNew"], EventsOf(account).TakeLast(2));
    }

    [Fact]
    public async Task The_same_error_is_announced_once_and_the_login_that_ends_it()
    {
        var account = await NewAccountAsync();

        await _simulator.SendAsync("PUT", $"/simulator/mailboxes/{account}/server", Requests.Json("""{ "behaviour": "unreachable" }"""));
        await WaitForStateAsync(account, "connectError");
        await _simulator.CallAsync("PUT", $"/v1/account/{account}/reconnect", new JsonObject { ["reconnect"] = true });
        await WaitForStateAsync(account, "connectError");
        await _simulator.SendAsync("PUT", $"/simulator/mailboxes/{account}/server", Requests.Json("""{ "behaviour": "healthy" }"""));

        await _simulator.Receiver.WaitForAsync(account, "authenticationSuccess", count: 2);
        Assert.Equal(["accountInitialized", "connectError", "authenticationSuccess"], EventsOf(account).TakeLast(3));
    }

    [Fact]
    public async Task Folders_are_announced_before_the_account_is_initialized()
    {
        var account = await NewAccountAsync();

        Assert.Equal(
            [
                "accountAdded", "authenticationSuccess",
                "mailboxReset INBOX", "mailboxNew INBOX", "mailboxReset Sent", "mailboxNew Sent", "mailboxReset Drafts", "mailboxNew Drafts",
                "mailboxReset Junk", "mailboxNew Junk", "mailboxReset Trash", "mailboxNew Trash",
                "accountInitialized",
            ],
            _simulator.Receiver.All.Where(webhook => webhook.Account == account).Select(webhook => $"{webhook.Event} {webhook.Body["path"]}".Trim()));
    }

    [Fact]
    public async Task The_listing_is_filtered_and_paged()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await simulator.AddAccountAsync("amy");
        await simulator.AddAccountAsync("ben");
        await simulator.AddAccountAsync("cid");
        await simulator.CallAsync("POST", "/v1/account", Requests.Account("bad", "bad@example.com", password: "wrong"));
        await simulator.Receiver.WaitForAsync("bad", "authenticationError");

        Assert.Equal(("cid", 4, 2), await ListAsync("?page=1&pageSize=3"));
        Assert.Equal(("bad", 1, 1), await ListAsync("?state=authenticationError"));
        Assert.Equal(("ben", 1, 1), await ListAsync("?query=BEN%40"));
        Assert.Equal(("", 0, 1), await ListAsync("?query=nobody"));

        async Task<(string, int, int)> ListAsync(string query)
        {
            var listing = await simulator.CallAsync("GET", "/v1/accounts" + query);
            var accounts = string.Join(',', listing["accounts"]!.AsArray().Select(account => (string)account!["account"]!));
            return (accounts, (int)listing["total"]!, (int)listing["pages"]!);
        }
    }

    private IEnumerable<string> EventsOf(string account) =>
        _simulator.Receiver.All.Where(webhook => webhook.Account == account).Select(webhook => webhook.Event);

    private async Task WaitForStateAsync(string account, string expected)
    {
        var state = "";
        await Eventually.HoldsAsync(
            async () => (state = (string)(await _simulator.CallAsync("GET", $"/v1/account/{account}"))["state"]!) == expected,
            () => state);
    }

    private async Task<string> NewAccountAsync()
    {
        var account = _simulator.NewAccountId();
        await _simulator.AddAccountAsync(account);
        return account;
    }
}
