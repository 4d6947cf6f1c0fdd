using System.Text.Json;

namespace CrmMail.SystemTests.Replay;

/// <summary>
/// Contacts that are merged, and merges that are undone. After every step the tables are those that a rebuild makes, and after the undoing those
/// of before.
/// </summary>
public sealed class MergeTests(RunningApplication system) : IAsyncLifetime
{
    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stand = await ReplayStand.StartAsync(system);

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task Everything_moves_and_is_what_it_was_once_that_is_undone()
    {
        var (old, ann) = await ProduceAsync();
        var before = await _stand.SnapshotAsync();
        await AssertIsWhatARebuildMakesAsync();

        var merge = await MergeAsync(old, ann);
        Assert.Equal(("moving", old, ann), (merge.GetProperty("state").GetString(), merge.GetProperty("contactId").GetString(), merge.GetProperty("intoId").GetString()));
        await _stand.LinkPastMailAsync();

        Assert.Equal("one from, thanks from, to both cc, to one cc, two from", await TimelineAsync(ann));
        Assert.Equal("exact", await RuleAsync("to one", ann));
        Assert.Equal("plus-tag", await RuleAsync("two", ann));
        Assert.Equal("Olds", await _stand.Database.QueryAsync<string>("select string_agg(distinct deals.name, ',') from activity_routes join deals on deals.id = deal_id", Cancel));
        var merged = (await _stand.Client.GetAsync($"/api/contacts/merges/{IdOf(merge)}")).Json;
        Assert.Equal("merged", merged.GetProperty("state").GetString());
        Assert.Equal(merged.GetProperty("total").GetInt64(), merged.GetProperty("done").GetInt64());
        Assert.Equal(["ann@one.example", "old@two.example"], (await ReadAsync(ann)).GetProperty("addresses").EnumerateArray().Select(address => address.GetString()));
        await AssertIsWhatARebuildMakesAsync();

        await UndoAsync(IdOf(merge));
        Assert.Equal("Old", (await ReadAsync(old)).GetProperty("name").GetString());
        await _stand.LinkPastMailAsync();

        Assert.Equal(before, await _stand.SnapshotAsync());
        await AssertIsWhatARebuildMakesAsync();
        Assert.Equal(
            "contacts.merge links, contacts.undo-merge links",
            await _stand.Database.QueryAsync<string>("select string_agg(action || ' ' || (select string_agg(key, ' ') from jsonb_object_keys(result) as key), ', ' order by id) from operations_audit where action like 'contacts.%'", Cancel));
    }

    [Fact]
    public async Task Mail_that_comes_during_a_merge_and_after_it_goes_with_its_address()
    {
        var (old, ann) = await ProduceAsync();
        var merge = await MergeAsync(old, ann);
        await _stand.ProduceMailAsync("b", "during", "old@two.example");
        await _stand.ProduceMailAsync("a", "two", "old+x@two.example", folder: "Later", date: "2026-06-02T12:00:00.000Z");
        await _stand.ProcessLiveAsync();
        Assert.Contains("during from", await TimelineAsync(ann), StringComparison.Ordinal);
        await _stand.LinkPastMailAsync();
        await AssertIsWhatARebuildMakesAsync();

        await _stand.ProduceMailAsync("c", "after", "old+y@two.example");
        await _stand.ProduceMailAsync("c", "two", "old+x@two.example");
        await _stand.ProduceMailAsync("c", "of ann", "ann@one.example");
        await _stand.ProcessLiveAsync();
        await AssertIsWhatARebuildMakesAsync();

        await UndoAsync(IdOf(merge));
        await _stand.ProduceMailAsync("c", "last", "old@two.example");
        await _stand.ProcessLiveAsync();
        await _stand.LinkPastMailAsync();

        Assert.Equal("after from, during from, last from, to both cc, to one cc, two from", await TimelineAsync(old));
        Assert.Equal("of ann from, one from, thanks from, to both cc, to one cc", await TimelineAsync(ann));
        await AssertIsWhatARebuildMakesAsync();
    }

    [Fact]
    public async Task Mail_that_is_in_no_ledger_and_no_longer_in_Kafka_moves_and_comes_back()
    {
        var (old, ann) = await ProduceAsync();
        await _stand.Database.ExecuteAsync("delete from address_ledger where contact_id is not null", Cancel);
        var before = await _stand.SnapshotAsync();

        var merge = await MergeAsync(old, ann);
        await _stand.LinkPastMailAsync();
        Assert.Equal("one from, thanks from, to both cc, to one cc, two from", await TimelineAsync(ann));
        Assert.Equal("", await _stand.Database.QueryAsync<string>($"select coalesce(string_agg(contact_id::text, ','), '') from activity_contacts where contact_id = '{old}'", Cancel));

        await UndoAsync(IdOf(merge));
        await _stand.LinkPastMailAsync();
        Assert.Equal(before, await _stand.SnapshotAsync());
    }

    [Fact]
    public async Task What_was_matched_before_a_merge_and_written_during_it_or_after_it_is_found()
    {
        var (old, ann) = await ProduceAsync();
        await MergeAsync(old, ann);

        // As if a batch that knew the contact had been written just now.
        await _stand.Database.ExecuteAsync(
            $"""
            update address_ledger set contact_id = '{old}' where contact_id = '{ann}' and address = 'old@two.example';
            insert into timeline_entries (contact_id, mail_key, occurred_at, direction) select '{old}', mail_key, min(occurred_at), 'incoming' from activities where subject = 'one' group by mail_key;
            insert into activity_contacts (activity_id, contact_id, role, entry_id, matched_by)
            select activities.id, '{old}', 'from', entry.id, 'exact' from activities join timeline_entries as entry on entry.mail_key = activities.mail_key and entry.contact_id = '{old}' where subject = 'one';
            """, Cancel);
        await _stand.LinkPastMailAsync();
        Assert.Equal(0, await _stand.Database.QueryAsync<long>($"select count(*) from contacts where id = '{old}'", Cancel));
        await AssertIsWhatARebuildMakesAsync();

        for (var look = 1; look <= 3; look++)
        {
            var right = await _stand.SnapshotAsync();
            await _stand.Database.ExecuteAsync(
                $"update address_ledger set contact_id = '{old}' where address like 'old%'; update address_changes set look_at = now() where mailbox = 'old@two.example'", Cancel);
            Assert.True(await _stand.LinkPastMailAsync() > 0);
            Assert.Equal(right, await _stand.SnapshotAsync());
        }

        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from address_changes where mailbox = 'old@two.example'", Cancel));
    }

    [Fact]
    public async Task An_address_that_was_removed_or_given_to_somebody_else_since_stays_where_it_is()
    {
        var ann = await _stand.AddContactAsync("Ann", "ann@one.example");
        var old = await _stand.AddContactAsync("Old", "old@two.example", "older@two.example", "oldest@two.example");
        foreach (var address in new[] { "ann@one.example", "old@two.example", "older@two.example", "oldest@two.example" })
        {
            await _stand.ProduceMailAsync("a", address, address);
        }

        await _stand.ProcessLiveAsync();
        var merge = await MergeAsync(old, ann);
        await _stand.LinkPastMailAsync();
        (await _stand.Client.PutAsync($"/api/contacts/{ann}", """{"name": "Ann", "addresses": ["ann@one.example", "old@two.example"]}""")).AssertStatus(200);
        var bob = await _stand.AddContactAsync("Bob", "oldest@two.example");
        await _stand.LinkPastMailAsync();

        await UndoAsync(IdOf(merge));
        await _stand.LinkPastMailAsync();

        Assert.Equal(["old@two.example"], (await ReadAsync(old)).GetProperty("addresses").EnumerateArray().Select(address => address.GetString()));
        Assert.Equal(
            ("ann@one.example from", "old@two.example from", "oldest@two.example from"),
            (await TimelineAsync(ann), await TimelineAsync(old), await TimelineAsync(bob)));
        await AssertIsWhatARebuildMakesAsync();
    }

    [Fact]
    public async Task A_chain_leads_to_the_last_and_is_undone_from_there()
    {
        var (old, ann) = await ProduceAsync();
        var zoe = await _stand.AddContactAsync("Zoe", "zoe@three.example");
        var before = await _stand.SnapshotAsync();
        var first = IdOf(await MergeAsync(old, ann));
        var second = IdOf(await MergeAsync(ann, zoe));

        AssertIsMerged(await _stand.Client.GetAsync($"/api/contacts/{old}"), zoe, first);
        AssertIsMerged(await _stand.Client.PutAsync($"/api/contacts/{ann}", """{"name": "Ann"}"""), zoe, second);
        AssertIsMerged(await _stand.Client.DeleteAsync($"/api/contacts/{old}"), zoe, first);
        AssertIsMerged(await _stand.Client.GetAsync($"/api/contacts/{ann}/export"), zoe, second);
        Assert.Equal(["Zoe"], (await _stand.Client.ReadAllAsync("/api/contacts")).Select(contact => contact.GetProperty("name").GetString()));
        Assert.Equal(["Zoe"], (await _stand.Client.ReadAllAsync("/api/contacts?q=o")).Concat(await _stand.Client.ReadAllAsync("/api/contacts?q=ann")).Select(contact => contact.GetProperty("name").GetString()).Distinct());
        await _stand.LinkPastMailAsync();
        AssertIsMerged(await _stand.Client.GetAsync($"/api/contacts/{old}/timeline"), zoe, first);
        Assert.Equal("one from, thanks from, to both cc, to one cc, two from", await TimelineAsync(zoe));
        await AssertIsWhatARebuildMakesAsync();

        // The same again is no news, anything else is refused.
        Assert.Equal(first, IdOf(await MergeAsync(old, ann)));
        AssertIsMerged(await _stand.Client.PostAsync($"/api/contacts/{old}/merge", $$"""{"into": "{{zoe}}"}"""), zoe, first);
        var refused = await _stand.Client.PostAsync($"/api/contacts/{zoe}/merge", $$"""{"into": "{{old}}"}""");
        refused.AssertProblem(409, "target-merged");
        Assert.Equal(zoe, refused.Json.GetProperty("contactId").GetString());
        (await _stand.Client.PostAsync($"/api/contacts/{zoe}/merge", $$"""{"into": "{{zoe}}"}""")).AssertProblem(400, "invalid-request", "into");
        (await _stand.Client.PostAsync($"/api/contacts/{zoe}/merge", $$"""{"into": "{{Guid.NewGuid()}}"}""")).AssertProblem(400, "invalid-request", "into");
        (await _stand.Client.PostAsync($"/api/contacts/{Guid.NewGuid()}/merge", $$"""{"into": "{{zoe}}"}""")).AssertProblem(404, "not-found");
        (await _stand.Client.PostAsync($"/api/contacts/merges/{Guid.NewGuid()}/undo", "")).AssertProblem(404, "not-found");

        var tooEarly = await _stand.Client.PostAsync($"/api/contacts/merges/{first}/undo", "");
        tooEarly.AssertProblem(409, "later-merge");
        Assert.Equal(second, tooEarly.Json.GetProperty("mergeId").GetString());
        Assert.Equal([second, first], (await _stand.Client.ReadAllAsync($"/api/contacts/merges?contact={ann}&limit=1")).Select(IdOf));

        await UndoAsync(second);
        await UndoAsync(second);
        await _stand.LinkPastMailAsync();
        await UndoAsync(first);
        (await _stand.Client.PostAsync($"/api/contacts/{old}/merge", $$"""{"into": "{{zoe}}"}""")).AssertProblem(409, "merge-running");
        await _stand.LinkPastMailAsync();
        await UndoAsync(first);

        Assert.Equal(before, await _stand.SnapshotAsync());
        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from contact_merge_links", Cancel));
    }

    [Fact]
    public async Task Who_is_erased_is_erased_with_all_that_was_merged_into_it()
    {
        var (old, ann) = await ProduceAsync();
        var merge = IdOf(await MergeAsync(old, ann));
        await _stand.LinkPastMailAsync();
        (await _stand.Client.PutAsync($"/api/contacts/{ann}", """{"name": "Ann", "addresses": ["ann@one.example"]}""")).AssertStatus(200);
        await _stand.LinkPastMailAsync();
        var export = (await _stand.Client.GetAsync($"/api/contacts/{ann}/export")).Json.GetProperty("mergedContacts");
        Assert.Equal("Old", Assert.Single(export.EnumerateArray()).GetProperty("name").GetString());

        var erased = await _stand.Client.DeleteAsync($"/api/contacts/{ann}");

        erased.AssertStatus(200);
        Assert.Equal((1, 2), (erased.Json.GetProperty("mergedContacts").GetInt32(), erased.Json.GetProperty("addresses").GetInt32()));
        (await _stand.Client.GetAsync($"/api/contacts/{old}")).AssertProblem(404, "not-found");
        (await _stand.Client.GetAsync($"/api/contacts/merges/{merge}")).AssertProblem(404, "not-found");
        (await _stand.Client.PostAsync($"/api/contacts/merges/{merge}/undo", "")).AssertProblem(404, "not-found");
        await _stand.RunAsync("fill");
        await _stand.RunAsync("rebuild");
        Assert.Equal(0, await _stand.Database.QueryAsync<long>(
            """
            select (select count(*) from activities where participants::text ~ 'one.example|two.example')
                + (select count(*) from address_ledger where address ~ 'one.example|two.example')
                + (select count(*) from contact_merges)
                + (select count(*) from contact_merge_links)
            """, Cancel));
    }

    [Fact]
    public async Task Of_two_who_merge_the_same_contacts_the_other_way_round_one_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            var (one, two) = (await _stand.AddContactAsync("One", $"one{round}@customer.example"), await _stand.AddContactAsync("Two", $"two{round}@customer.example"));

            var answers = await Task.WhenAll(
                _stand.Client.PostAsync($"/api/contacts/{one}/merge", $$"""{"into": "{{two}}"}"""),
                _stand.Client.PostAsync($"/api/contacts/{two}/merge", $$"""{"into": "{{one}}"}"""),
                _stand.Client.PostAsync($"/api/contacts/{one}/merge", $$"""{"into": "{{two}}"}"""));

            var won = answers.Where(answer => answer.Status == 202).Select(answer => IdOf(answer.Json)).ToHashSet();
            Assert.Single(won);
            Assert.All(answers.Where(answer => answer.Status != 202), answer => Assert.True(answer.Status is 409 or 410, answer.Text));
        }

        await _stand.LinkPastMailAsync();
        Assert.Equal(10, await _stand.Database.QueryAsync<long>("select count(*) from contact_merges where state = 'merged'", Cancel));
        Assert.Equal(10, await _stand.Database.QueryAsync<long>("select count(*) from contacts where name in ('One', 'Two')", Cancel));
    }

    /// <summary>Mails of two contacts, alone and together, in several accounts, and a deal of each.</summary>
    private async Task<(string Old, string Ann)> ProduceAsync()
    {
        var ann = await _stand.AddContactAsync("Ann", "ann@one.example");
        var old = await _stand.AddContactAsync("Old", "old@two.example");
        await MakeDealAsync("Anns", ann, "2026-01-01T00:00:00Z");
        await MakeDealAsync("Olds", old, "2026-02-01T00:00:00Z");
        await _stand.ProduceAsync("a", "authenticationSuccess", "\"user\":\"a@corp.example\"", "2026-06-01T08:00:00.000Z");
        await _stand.ProduceMailAsync("a", "one", "ann@one.example");
        await _stand.ProduceMailAsync("b", "one", "ann@one.example", date: "2026-06-01T13:00:00.000Z");
        await _stand.ProduceMailAsync("a", "two", "old+x@two.example");
        await _stand.ProduceMailAsync("b", "two", "old+x@two.example", date: "2026-06-01T11:00:00.000Z");
        await _stand.ProduceMailAsync("a", "thanks", "ann@one.example");
        await _stand.ProduceMailAsync("a", "to both", "a@corp.example", "eve@four.example", "Sent", extra: ""","cc":[{"address":"ann+z@one.example"},{"address":"old@two.example"}]""");
        await _stand.ProduceMailAsync("a", "to one", "a@corp.example", "eve@four.example", "Sent", extra: ""","cc":[{"address":"old@two.example"},{"address":"ann+z@one.example"}]""");
        await _stand.ProcessLiveAsync();
        await _stand.LinkPastMailAsync();
        return (old, ann);
    }

    private async Task MakeDealAsync(string name, string contact, string openedAt) =>
        (await _stand.Client.PostAsync("/api/deals", $$"""{"name": "{{name}}", "contacts": ["{{contact}}"], "openedAt": "{{openedAt}}"}""")).AssertStatus(201);

    private async Task<JsonElement> MergeAsync(string contact, string into)
    {
        var answer = await _stand.Client.PostAsync($"/api/contacts/{contact}/merge", $$"""{"into": "{{into}}"}""");
        answer.AssertStatus(202);
        Assert.Equal($"/api/contacts/merges/{IdOf(answer.Json)}", answer.Headers.Location?.ToString());
        return answer.Json;
    }

    private async Task UndoAsync(string merge) => (await _stand.Client.PostAsync($"/api/contacts/merges/{merge}/undo", "")).AssertStatus(202);

    private static void AssertIsMerged(Api.ApiAnswer answer, string contact, string merge)
    {
        answer.AssertProblem(410, "contact-merged");
        Assert.Equal((contact, merge), (answer.Json.GetProperty("contactId").GetString(), answer.Json.GetProperty("mergeId").GetString()));
    }

    private async Task AssertIsWhatARebuildMakesAsync()
    {
        var before = await _stand.SnapshotAsync();
        Assert.Equal("", await _stand.ChangesAsync(await _stand.RunAsync("rebuild", execute: false)));
        Assert.Equal("", await _stand.ChangesAsync(await _stand.RunAsync("rebuild")));
        Assert.Equal(before, await _stand.SnapshotAsync());
    }

    private async Task<JsonElement> ReadAsync(string contact)
    {
        var answer = await _stand.Client.GetAsync($"/api/contacts/{contact}");
        answer.AssertStatus(200);
        return answer.Json;
    }

    private Task<string> RuleAsync(string subject, string contact) => _stand.Database.QueryAsync<string>(
        $"select string_agg(distinct matched_by, ',') from activity_contacts join activities on activities.id = activity_id where subject = '{subject}' and contact_id = '{contact}'", Cancel);

    private async Task<string> TimelineAsync(string contact)
    {
        var items = await _stand.Client.ReadAllAsync($"/api/contacts/{contact}/timeline?limit=2");
        return string.Join(", ", items.Select(item => $"{item.GetProperty("subject").GetString()} {item.GetProperty("roles")[0].GetString()}").Order(StringComparer.Ordinal));
    }

    private static string IdOf(JsonElement merge) => merge.GetProperty("id").GetString()!;
}
