using System.Text.Json;
using CrmMail.SystemTests.Processor;

namespace CrmMail.SystemTests.Api;

/// <summary>From the webhook through Kafka and the Processor to what the Api shows.</summary>
public sealed class EndToEndTests(RunningApplication system) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string _customer = $"{Guid.NewGuid():N}.example";
    private ApiClient _api = null!;
    private Mailbox _mailbox = null!;

    public async ValueTask InitializeAsync()
    {
        _api = ApiClient.Of(system);
        _mailbox = await Mailbox.OpenAsync(system);
    }

    public async ValueTask DisposeAsync()
    {
        await _mailbox.DisposeAsync();
        _api.Dispose();
    }

    [Fact]
    public async Task A_mail_of_a_new_contact_is_on_both_timelines_with_its_trace()
    {
        var ann = await _api.AddContactAsync("Ann", $"ann@{_customer}");
        var eventId = Guid.NewGuid().ToString();
        await _mailbox.SendAsync(_mailbox.MailFrom($"Ann@{_customer}", $"1@{_customer}", "Hello Amy"), eventId);
        await _mailbox.WaitForOutcomesAsync(1);

        var item = Assert.Single(await _api.ReadAllAsync($"/api/contacts/{ann}/timeline"));
        Assert.Equal(
            (_mailbox.Account, "incoming", "from", "Hello Amy", $"1@{_customer}"),
            (item.GetProperty("accountIds")[0].GetString(), Text(item, "direction"), item.GetProperty("roles")[0].GetString(), Text(item, "subject"), Text(item, "messageId")));
        Assert.Equal(Text(item, "subject"), Text(Assert.Single(await _api.ReadAllAsync($"/api/accounts/{_mailbox.Account}/timeline")), "subject"));

        var activity = (await _api.GetAsync($"/api/activities/{item.GetProperty("id")}")).Json;
        Assert.Equal(ann, Assert.Single(activity.GetProperty("contacts").EnumerateArray()).GetProperty("id").GetGuid());
        var trace = activity.GetProperty("trace");
        Assert.Equal((eventId, "emailengine", "mail.events"), (Text(trace, "eventId"), Text(trace, "source"), Text(trace, "topic")));
        Assert.True(trace.GetProperty("receivedAt").GetDateTimeOffset() <= trace.GetProperty("writtenAt").GetDateTimeOffset());

        var outcome = (await _api.GetAsync($"/api/events/{eventId}")).Json;
        Assert.Equal(("activity", item.GetProperty("id").GetInt64()), (Text(outcome, "kind"), outcome.GetProperty("activityId").GetInt64()));
        Assert.Equal(trace.GetRawText(), outcome.GetProperty("trace").GetRawText());
    }

    [Fact]
    public async Task A_contact_that_is_made_after_its_mail_has_it_without_a_replay_and_loses_it_with_its_address()
    {
        await _mailbox.SendAsync(_mailbox.MailFrom($"ann@{_customer}", $"early@{_customer}", "Early"));
        await _mailbox.WaitForOutcomesAsync(1);
        var unmatched = Assert.Single(await _api.ReadAllAsync($"/api/unmatched?q=ann%40{_customer}"));
        Assert.Equal(($"ann@{_customer}", 1), (Text(unmatched, "address"), unmatched.GetProperty("incomingCount").GetInt32()));

        var ann = await _api.AddContactAsync("Ann", $"ann@{_customer}");
        await WaitForTimelineAsync(ann, "Early");
        Assert.Empty(await _api.ReadAllAsync($"/api/unmatched?q=ann%40{_customer}"));

        (await _api.PutAsync($"/api/contacts/{ann}", """{"name": "Ann"}""")).AssertStatus(200);
        await WaitForTimelineAsync(ann, "");
    }

    [Fact]
    public async Task A_mail_that_two_accounts_have_is_one_item_and_two_copies()
    {
        await using var colleague = await Mailbox.OpenAsync(system);
        var ann = await _api.AddContactAsync("Ann", $"ann@{_customer}");
        foreach (var mailbox in new[] { _mailbox, colleague })
        {
            await mailbox.SendAsync(mailbox.MailFrom($"ann@{_customer}", $"both@{_customer}"));
            await mailbox.WaitForOutcomesAsync(1);
        }

        var item = Assert.Single(await _api.ReadAllAsync($"/api/contacts/{ann}/timeline"));
        string[] accounts = [_mailbox.Account, colleague.Account];
        Assert.Equal(accounts.Order(StringComparer.Ordinal), item.GetProperty("accountIds").EnumerateArray().Select(account => account.GetString()));
        var activity = (await _api.GetAsync($"/api/activities/{item.GetProperty("id")}")).Json;
        Assert.Equal(accounts.Order(StringComparer.Ordinal), activity.GetProperty("copies").EnumerateArray().Select(copy => Text(copy, "accountId")));
    }

    [Fact]
    public async Task A_direction_shows_the_mails_that_went_this_way()
    {
        var ann = await _api.AddContactAsync("Ann", $"ann@{_customer}");
        await _mailbox.SendAsync(_mailbox.MailFrom($"ann@{_customer}", $"question@{_customer}", "Question"));
        await _mailbox.SendAsync(_mailbox.MailTo([$"ann@{_customer}"], $"answer@{_customer}", "Answer"));
        await _mailbox.WaitForOutcomesAsync(2);

        foreach (var timeline in new[] { $"/api/contacts/{ann}/timeline", $"/api/accounts/{_mailbox.Account}/timeline" })
        {
            Assert.Equal(2, (await _api.ReadAllAsync(timeline)).Count);
            Assert.Equal("Question", Text(Assert.Single(await _api.ReadAllAsync($"{timeline}?direction=incoming")), "subject"));
            var sent = Assert.Single(await _api.ReadAllAsync($"{timeline}?direction=sent"));
            Assert.Equal(("Answer", "sent"), (Text(sent, "subject"), Text(sent, "status")));
        }
    }

    [Fact]
    public async Task Whatever_became_of_an_event_there_is_an_answer()
    {
        await _api.AddContactAsync("Ann", $"ann@{_customer}");
        var (known, again, stranger, bad) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        await _mailbox.SendAsync(_mailbox.MailFrom($"ann@{_customer}", $"1@{_customer}"), known);
        await _mailbox.SendAsync(_mailbox.MailFrom($"ann@{_customer}", $"1@{_customer}"), again);
        await _mailbox.SendAsync(_mailbox.MailFrom($"nobody@{_customer}", $"2@{_customer}"), stranger);
        await _mailbox.SendAsync($$"""{"account":"{{_mailbox.Account}}","event":"messageNew","data":"no object"}""", bad);

        var activity = await WaitForOutcomeAsync(known);
        Assert.Equal("activity", Text(activity, "kind"));

        var repeated = await WaitForOutcomeAsync(again);
        Assert.Equal(("skip", "known-mail"), (Text(repeated, "kind"), Text(repeated, "skipReason")));
        Assert.Equal(activity.GetProperty("activityId").GetInt64(), repeated.GetProperty("activityId").GetInt64());

        var skipped = await WaitForOutcomeAsync(stranger);
        Assert.Equal(("skip", "no-contact", JsonValueKind.Null), (Text(skipped, "kind"), Text(skipped, "skipReason"), skipped.GetProperty("activityId").ValueKind));

        var dead = await WaitForOutcomeAsync(bad);
        Assert.Equal(("dead-letter", _mailbox.Account), (Text(dead, "kind"), Text(dead, "accountId")));
        var place = dead.GetProperty("deadLetter");
        Assert.Equal(("schema", "open", "mail.dead-letters"), (Text(place, "reason"), Text(place, "state"), Text(place, "topic")));

        (await _api.GetAsync($"/api/events/{Guid.NewGuid()}")).AssertProblem(404, "not-found");
        (await _api.GetAsync("/api/events/%01")).AssertProblem(404, "not-found");
        (await _api.GetAsync($"/api/events/{known}?account=%00")).AssertProblem(400, "invalid-request", "account");
    }

    [Fact]
    public async Task An_event_id_that_two_accounts_have_is_told_apart_by_the_account()
    {
        await using var other = await Mailbox.OpenAsync(system);
        var eventId = Guid.NewGuid().ToString();
        foreach (var mailbox in new[] { _mailbox, other })
        {
            await mailbox.SendAsync(mailbox.MailFrom($"nobody@{_customer}", $"1@{_customer}"), eventId);
            await mailbox.WaitForOutcomesAsync(1);
        }

        var ambiguous = await _api.GetAsync($"/api/events/{eventId}");
        ambiguous.AssertProblem(409, "ambiguous-event");
        Assert.Contains(other.Account, ambiguous.Json.GetProperty("accounts").EnumerateArray().Select(account => account.GetString()));
        Assert.Equal(other.Account, Text((await _api.GetAsync($"/api/events/{eventId}?account={other.Account}")).Json, "accountId"));
    }

    [Fact]
    public async Task A_walk_through_the_pages_while_mail_comes_in_repeats_and_misses_nothing()
    {
        const int Before = 40;
        var ann = await _api.AddContactAsync("Ann", $"ann@{_customer}");
        for (var mail = 0; mail < Before; mail++)
        {
            await _mailbox.SendAsync(_mailbox.MailFrom($"ann@{_customer}", $"before-{mail}@{_customer}", $"before-{mail}"));
        }

        await _mailbox.WaitForOutcomesAsync(Before);
        var seen = new List<string>();
        string? cursor = null;
        var sent = 0;
        do
        {
            var page = await _api.GetAsync(ApiClient.WithCursor($"/api/contacts/{ann}/timeline?limit=7", cursor));
            seen.AddRange(page.Items.Select(item => Text(item, "subject")));
            cursor = page.Next;
            await _mailbox.SendAsync(_mailbox.MailFrom($"ann@{_customer}", $"during-{sent}@{_customer}", $"during-{sent++}"));
            await _mailbox.WaitForOutcomesAsync(Before + sent);
        }
        while (cursor is not null);

        Assert.Equal(seen.Distinct(), seen);
        Assert.Superset(Enumerable.Range(0, Before).Select(mail => $"before-{mail}").ToHashSet(), seen.ToHashSet());
        Assert.Equal(Before + sent, (await _api.ReadAllAsync($"/api/contacts/{ann}/timeline")).Count);
    }

    [Fact]
    public async Task A_contact_is_erased_while_its_mail_comes_in_and_no_event_is_lost_for_it()
    {
        const int Mails = 60;
        var ann = await _api.AddContactAsync("Ann", $"ann@{_customer}");
        var bob = await _api.AddContactAsync("Bob", $"bob@{_customer}");
        await _mailbox.SendAsync(_mailbox.MailTo([$"ann@{_customer}", $"bob@{_customer}"], $"both@{_customer}", "Both"));
        await _mailbox.WaitForOutcomesAsync(1);

        var sending = SendToBothAsync(Mails);
        var erased = await _api.DeleteAsync($"/api/contacts/{ann}");
        erased.AssertStatus(200);
        await sending;

        // Every mail went to Bob too, so every one has an activity.
        await _mailbox.WaitForOutcomesAsync(Mails + 1);
        Assert.Equal(Mails + 1, (await _api.ReadAllAsync($"/api/contacts/{bob}/timeline")).Count);
        (await _api.GetAsync($"/api/contacts/{ann}/timeline")).AssertProblem(404, "not-found");
        var shared = (await _api.ReadAllAsync($"/api/contacts/{bob}/timeline?limit=200")).Single(item => Text(item, "subject") == "Both");
        Assert.Equal($"bob@{_customer}", Text(Assert.Single(shared.GetProperty("participants").GetProperty("to").EnumerateArray()), "address"));
    }

    private async Task SendToBothAsync(int mails)
    {
        for (var mail = 0; mail < mails; mail++)
        {
            await _mailbox.SendAsync(_mailbox.MailTo([$"ann@{_customer}", $"bob@{_customer}"], $"{mail}@{_customer}", $"Both {mail}"));
        }
    }

    private async Task WaitForTimelineAsync(Guid contact, string subjects)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (string? seen = null; seen != subjects; await often.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            Assert.False(deadline.IsCancellationRequested, $"The timeline holds \"{seen}\" after {Deadline}.");
            seen = string.Join(", ", (await _api.ReadAllAsync($"/api/contacts/{contact}/timeline")).Select(item => Text(item, "subject")));
        }
    }

    private async Task<JsonElement> WaitForOutcomeAsync(string eventId)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        ApiAnswer answer;
        while ((answer = await _api.GetAsync($"/api/events/{eventId}")).Status == 404)
        {
            Assert.False(deadline.IsCancellationRequested, $"The event {eventId} has no outcome after {Deadline}.");
            await often.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        answer.AssertStatus(200);
        return answer.Json;
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
