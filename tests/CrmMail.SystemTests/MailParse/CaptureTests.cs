using System.Text.Json;
using CrmMail.Api.Accounts;
using CrmMail.Contracts;
using CrmMail.SystemTests.Replay;

namespace CrmMail.SystemTests.MailParse;

/// <summary>A mail that mailboxes and team addresses have is one activity with a capture of each.</summary>
public sealed class CaptureTests(RunningApplication system) : IAsyncLifetime
{
    private const string Ann = "ann@customer.example";

    private ReplayStand _stand = null!;
    private string _ann = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Support => _stand.Inbox("support");

    private string Amy => _stand.Account("amy");

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system);
        _ann = await _stand.AddContactAsync("Ann", Ann);
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Theory]
    [InlineData("mailbox", "team")]
    [InlineData("team", "mailbox")]
    public async Task A_mailbox_and_a_team_address_make_one_activity_with_two_captures(params string[] order)
    {
        foreach (var source in order)
        {
            await ProduceAsync(source);
            await _stand.ProcessLiveAsync();
        }

        var item = Assert.Single(await _stand.Client.ReadAllAsync($"/api/contacts/{_ann}/timeline"));
        var activity = await ReadAsync(item.GetProperty("id").GetInt64());

        Assert.Equal(await ActivityOfAsync(Amy), item.GetProperty("id").GetInt64());
        Assert.Equal(Amy, Text(activity, "accountId"));
        Assert.Equal([Amy], activity.GetProperty("copies").EnumerateArray().Select(copy => Text(copy, "accountId")));
        Assert.Equal([$"{Support} mailparse incoming", $"{Amy} emailengine incoming"], Captures(item));
        Assert.Equal(Captures(item), Captures(activity));
        Assert.Equal(await ReceivedAtAsync(), ReceivedAt(item));
        Assert.Equal(await ReceivedAtAsync(), ReceivedAt(activity));
    }

    [Fact]
    public async Task What_a_team_address_has_of_a_mailbox_leads_to_the_activity_of_the_mailbox()
    {
        await ProduceAsync("team");
        await ProduceAsync("mailbox");
        await _stand.ProcessLiveAsync();
        var activity = await ActivityOfAsync(Amy);

        var item = Assert.Single(await _stand.Client.ReadAllAsync($"/api/accounts/{Support}/timeline"));
        Assert.Equal(activity, item.GetProperty("id").GetInt64());
        Assert.Equal([$"{Support} mailparse incoming"], Captures(item));
        Assert.Equal(activity, (await ReadAsync(await ActivityOfAsync(Support))).GetProperty("id").GetInt64());
        Assert.Equal([$"{Amy} emailengine incoming"], Captures(Assert.Single(await _stand.Client.ReadAllAsync($"/api/accounts/{Amy}/timeline"))));
    }

    [Fact]
    public async Task Several_team_addresses_make_one_activity_too()
    {
        await _stand.ProduceTeamMailAsync("support", TeamMail.Of(Id("mail"), Ann, "team@corp.example"));
        await _stand.ProduceTeamMailAsync("sales", TeamMail.Of(Id("mail"), Ann, "team@corp.example"));
        await _stand.ProcessLiveAsync();

        var item = Assert.Single(await _stand.Client.ReadAllAsync($"/api/contacts/{_ann}/timeline"));
        var activity = await ReadAsync(await ActivityOfAsync(Support));

        Assert.Equal(item.GetProperty("id").GetInt64(), activity.GetProperty("id").GetInt64());
        Assert.Equal([$"{_stand.Inbox("sales")} mailparse incoming", $"{Support} mailparse incoming"], Captures(activity));
        Assert.Single(activity.GetProperty("copies").EnumerateArray());
    }

    [Fact]
    public async Task What_one_of_us_sends_with_a_copy_to_the_team_is_a_sent_mail_with_two_captures()
    {
        await _stand.ProduceAsync("amy", "authenticationSuccess", "\"user\":\"amy@corp.example\"", "2026-06-01T08:00:00.000Z");
        await _stand.ProcessLiveAsync();
        await _stand.ProduceTeamMailAsync("support", TeamMail.Of(Id("offer"), "amy@corp.example", Ann));
        await _stand.ProduceMailAsync("amy", "offer", "amy@corp.example", Ann, "Sent");
        await _stand.ProcessLiveAsync();

        var item = Assert.Single(await _stand.Client.ReadAllAsync($"/api/contacts/{_ann}/timeline?direction=sent"));
        Assert.Equal([$"{Support} mailparse sent", $"{Amy} emailengine sent"], Captures(item));
        Assert.Equal(["to"], item.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    [Theory]
    [InlineData("mailbox", "support")]
    [InlineData("team", "amy")]
    public async Task When_an_account_goes_the_other_has_the_activity(string removed, string left)
    {
        await ProduceAsync("mailbox");
        await ProduceAsync("team");
        await _stand.ProcessLiveAsync();

        await new AccountRemoval(_stand.Database.DataSource).RemoveAsync(AccountId.Parse(removed == "mailbox" ? Amy : Support), Cancel);

        var item = Assert.Single(await _stand.Client.ReadAllAsync($"/api/contacts/{_ann}/timeline"));
        var capture = left == "amy" ? $"{Amy} emailengine incoming" : $"{Support} mailparse incoming";
        Assert.Equal([capture], Captures(item));
        Assert.Equal([capture], Captures(await ReadAsync(item.GetProperty("id").GetInt64())));
        Assert.Equal("completed, 1 unchanged, 1 skipped", ReplayStand.Describe(await _stand.RunAsync("verify")));
    }

    [Fact]
    public async Task A_replay_of_both_sources_changes_nothing_and_makes_the_same_of_an_empty_database()
    {
        await ProduceAsync("mailbox");
        await ProduceAsync("team");
        await _stand.ProduceTeamMailAsync("support", TeamMail.Of(Id("stranger"), "nobody@x.example", "team@corp.example"));
        await _stand.ProduceTeamMailAsync("support", TeamMail.Of(Id("only"), Ann, "team@corp.example"), "only");
        await _stand.ProduceTeamMailAsync("support", TeamMail.Of(Id("only"), Ann, "team@corp.example"), "only");
        await _stand.ProduceTeamMailAsync("support", "{\"envelope\":{\"to\":[7]}}");
        await _stand.ProcessLiveAsync();
        var before = await _stand.SnapshotAsync();

        foreach (var (mode, execute) in new[] { ("verify", true), ("rebuild", false), ("fill", true), ("rebuild", true) })
        {
            Assert.DoesNotMatch(@"\d (added|changed|moved|removed)|failed", ReplayStand.Describe(await _stand.RunAsync(mode, execute)));
        }

        Assert.Equal(before, await _stand.SnapshotAsync());
        await _stand.ForgetEverythingAsync();
        await _stand.ProcessLiveAsync();
        Assert.Equal(before, await _stand.SnapshotAsync());
    }

    [Fact]
    public async Task What_breaks_the_contract_is_put_aside_alone_with_the_path_of_the_field()
    {
        await _stand.ProduceTeamMailAsync("support", TeamMail.Of(Id("before"), Ann, "team@corp.example"));
        await _stand.ProduceTeamMailAsync("support", $$"""{"message_id": "<{{Id("broken")}}>", "envelope": {"to": [{"email": "{{Ann}}"}, {"email": ["secret@customer.example"]}] } }""", "broken");
        await _stand.ProduceTeamMailAsync("support", TeamMail.Of(Id("after"), Ann, "team@corp.example"));
        await _stand.ProcessLiveAsync();

        Assert.Equal(2, await _stand.Database.QueryAsync<long>("select count(*) from activities", Cancel));
        var letter = (await _stand.Client.GetAsync("/api/events/broken")).Json.GetProperty("deadLetter");
        Assert.Equal(("schema", "\"envelope.to[1].email\" is neither a text nor null."), (Text(letter, "reason"), Text(letter, "detail")));
    }

    [Fact]
    public async Task A_team_address_is_an_account_that_nobody_connects()
    {
        await ProduceAsync("team");
        await _stand.ProcessLiveAsync();

        var account = (await _stand.Client.GetAsync($"/api/accounts/{Support}")).Json;
        Assert.Equal(("mailparse", "connected", 1), (Text(account, "source"), Text(account, "state"), account.GetProperty("incoming").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, account.GetProperty("lastEventAt").ValueKind);

        (await _stand.Client.PostAsync($"/api/accounts/{Support}/connect", """{"email": "amy@corp.example", "redirectUrl": "https://crm.example/"}""")).AssertProblem(400, "invalid-request", "account");
        (await _stand.Client.PostAsync($"/api/accounts/{Support}/reconcile", "{}")).AssertProblem(404, "account-not-found");

        // No EmailEngine answers here.
        var removed = (await _stand.Client.DeleteAsync($"/api/accounts/{Support}")).Json;
        Assert.Equal((false, 1), (removed.GetProperty("inEmailEngine").GetBoolean(), removed.GetProperty("activities").GetInt32()));
        Assert.Empty(await _stand.Client.ReadAllAsync($"/api/contacts/{_ann}/timeline"));
    }

    private Task ProduceAsync(string source) => source == "mailbox"
        ? _stand.ProduceMailAsync("amy", "mail", Ann)
        : _stand.ProduceTeamMailAsync("support", TeamMail.Of(Id("mail"), Ann, "amy@corp.example"));

    private string Id(string name) => $"{name}@{_stand.Name}";

    private async Task<JsonElement> ReadAsync(long activity)
    {
        var answer = await _stand.Client.GetAsync($"/api/activities/{activity}");
        answer.AssertStatus(200);
        return answer.Json;
    }

    private Task<long> ActivityOfAsync(string account) =>
        _stand.Database.QueryAsync<long>($"select id from activities where account_id = '{account}'", Cancel);

    private Task<DateTime[]> ReceivedAtAsync() =>
        _stand.Database.QueryAsync<DateTime[]>("select array_agg(received_at order by account_id collate \"C\") from activities", Cancel);

    private static string[] Captures(JsonElement item) =>
        [.. item.GetProperty("captures").EnumerateArray().Select(capture => $"{Text(capture, "accountId")} {Text(capture, "source")} {Text(capture, "direction")}")];

    private static DateTime[] ReceivedAt(JsonElement item) =>
        [.. item.GetProperty("captures").EnumerateArray().Select(capture => capture.GetProperty("receivedAt").GetDateTimeOffset().UtcDateTime)];

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
