namespace CrmMail.SystemTests.Replay;

/// <summary>
/// Past mail follows what happens to contacts, and is then what a rebuild would make of it: after every step the tables are those of a new
/// database that was fed the same events.
/// </summary>
public sealed class LedgerTests(RunningApplication system) : IAsyncLifetime
{
    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stand = await ReplayStand.StartAsync(system);

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task A_contact_that_is_made_later_gets_its_past_mail_and_loses_it_with_the_address()
    {
        await Mails.ProduceAllKindsAsync(_stand);
        await _stand.ProduceMailAsync("a", "to both", "a@corp.example", "ann@customer.example", "Sent", extra: ""","cc":[{"address":"late+x@customer.example"}]""");
        await _stand.ProcessLiveAsync();
        var before = await _stand.SnapshotAsync();
        var shared = await IdOfAsync("to both");

        var late = await _stand.AddContactAsync("Late", "late@customer.example");
        await _stand.LinkPastMailAsync();

        Assert.Equal("late from, to both cc", await TimelineAsync(late));
        Assert.Equal(shared, await IdOfAsync("to both"));
        await AssertIsWhatARebuildMakesAsync("completed, 8 unchanged, 10 skipped");

        (await _stand.Client.PutAsync($"/api/contacts/{late}", """{"name": "Late"}""")).AssertStatus(200);
        await _stand.LinkPastMailAsync();

        Assert.Equal("", await TimelineAsync(late));
        Assert.Equal(shared, await IdOfAsync("to both"));
        Assert.Equal(before, await _stand.SnapshotAsync());
        await AssertIsWhatARebuildMakesAsync("completed, 7 unchanged, 11 skipped");
    }

    [Fact]
    public async Task Who_loses_an_address_keeps_what_came_by_another_and_who_is_given_it_gets_the_rest()
    {
        var ann = await _stand.AddContactAsync("Ann", "ann@one.example", "ann@two.example");
        await _stand.ProduceAsync("a", "authenticationSuccess", "\"user\":\"a@corp.example\"", "2026-06-01T08:00:00.000Z");
        await _stand.ProduceMailAsync("a", "one", "ann@one.example");
        await _stand.ProduceMailAsync("b", "one", "ann@one.example", date: "2026-06-01T13:00:00.000Z");
        await _stand.ProduceMailAsync("a", "two", "Ann+x@Two.example");
        await _stand.ProduceMailAsync("a", "to one and two", "a@corp.example", "ann@one.example", "Sent", extra: ""","cc":[{"address":"ann@two.example"}]""");
        await _stand.ProduceAsync("a", "messageSent", $$""" "messageId":"<to one and two@{{_stand.Name}}>","queueId":"1","response":"250 ok","envelope":{"from":"a@corp.example","to":["ann@one.example","ann@two.example"]} """, "2026-06-01T12:00:01.000Z");
        await _stand.ProcessLiveAsync();
        var id = await IdOfAsync("one");

        // The address goes to somebody else before anybody has looked.
        (await _stand.Client.PutAsync($"/api/contacts/{ann}", """{"name": "Ann", "addresses": ["ann@two.example"]}""")).AssertStatus(200);
        var bob = await _stand.AddContactAsync("Bob", "ann@one.example");
        await _stand.LinkPastMailAsync();

        Assert.Equal("to one and two cc, two from", await TimelineAsync(ann));
        Assert.Equal("one from, to one and two to", await TimelineAsync(bob));
        Assert.Equal(id, await IdOfAsync("one"));
        await AssertIsWhatARebuildMakesAsync("completed, 4 unchanged, 2 skipped");

        (await _stand.Client.PutAsync($"/api/contacts/{ann}", """{"name": "Ann"}""")).AssertStatus(200);
        (await _stand.Client.PutAsync($"/api/contacts/{bob}", """{"name": "Bob"}""")).AssertStatus(200);
        await _stand.LinkPastMailAsync();

        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select (select count(*) from activities) + (select count(*) from timeline_entries) + (select sum(incoming_count + sent_count)::bigint from accounts)", Cancel));
        await AssertIsWhatARebuildMakesAsync("completed, 6 skipped");
    }

    [Fact]
    public async Task A_closer_contact_takes_over_the_mail_of_a_looser_one_and_gives_it_back()
    {
        var ann = await _stand.AddContactAsync("Ann", "ann.smith@gmail.com");
        foreach (var address in new[] { "annsmith@gmail.com", "a.n.n.s.m.i.t.h+shop@googlemail.com", "ann.smith@gmail.com" })
        {
            await _stand.ProduceMailAsync("a", address, address);
        }

        await _stand.ProcessLiveAsync();
        var other = await _stand.AddContactAsync("Other", "annsmith@gmail.com");
        await _stand.LinkPastMailAsync();

        Assert.Equal("a.n.n.s.m.i.t.h+shop@googlemail.com from, ann.smith@gmail.com from", await TimelineAsync(ann));
        Assert.Equal("annsmith@gmail.com from", await TimelineAsync(other));
        await AssertIsWhatARebuildMakesAsync("completed, 3 unchanged");

        (await _stand.Client.PutAsync($"/api/contacts/{other}", """{"name": "Other"}""")).AssertStatus(200);
        await _stand.LinkPastMailAsync();

        Assert.Equal("a.n.n.s.m.i.t.h+shop@googlemail.com from, ann.smith@gmail.com from, annsmith@gmail.com from", await TimelineAsync(ann));
        await AssertIsWhatARebuildMakesAsync("completed, 3 unchanged");
    }

    [Fact]
    public async Task What_was_matched_before_a_change_and_written_after_it_is_found_by_a_later_look()
    {
        await _stand.ProduceMailAsync("a", "mail", "zoe@customer.example");
        await _stand.ProcessLiveAsync();
        var zoe = await _stand.AddContactAsync("Zoe", "zoe@customer.example");
        await _stand.LinkPastMailAsync();
        var right = await _stand.SnapshotAsync();

        for (var look = 1; look <= 3; look++)
        {
            Assert.Equal(look, await _stand.Database.QueryAsync<int>("select looks from address_changes", Cancel));

            // As if the batch had been written just now.
            await _stand.Database.ExecuteAsync(
                "update address_ledger set contact_id = null; delete from activities; update accounts set incoming_count = 0; update address_changes set look_at = now()", Cancel);
            Assert.Equal(1, await _stand.LinkPastMailAsync());
            Assert.Equal("mail from", await TimelineAsync(zoe));
        }

        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from address_changes", Cancel));
        await AssertIsWhatARebuildMakesAsync("completed, 1 unchanged");
        Assert.Equal(right, await _stand.SnapshotAsync());
    }

    [Fact]
    public async Task Nothing_of_an_erased_person_comes_back_by_the_ledger()
    {
        await _stand.AddContactAsync("Bob", "bob@customer.example");
        await _stand.ProduceAsync("a", "authenticationSuccess", "\"user\":\"a@corp.example\"", "2026-06-01T08:00:00.000Z");
        await _stand.ProduceMailAsync("a", "alone", "zoe@customer.example");
        await _stand.ProduceMailAsync("a", "tagged", "zoe+x@customer.example");
        await _stand.ProduceMailAsync("a", "both", "a@corp.example", "zoe@customer.example", "Sent", extra: ""","cc":[{"address":"bob@customer.example"},{"address":"eve@customer.example"}]""");
        await _stand.ProcessLiveAsync();
        var zoe = await _stand.AddContactAsync("Zoe", "zoe@customer.example");
        await _stand.LinkPastMailAsync();

        (await _stand.Client.DeleteAsync($"/api/contacts/{zoe}")).AssertStatus(200);
        await _stand.LinkPastMailAsync();

        Assert.Equal("eve@customer.example", await UnmatchedAsync());
        Assert.Equal(0, await NamingZoeAsync());
        await _stand.RunAsync("fill");
        await _stand.RunAsync("rebuild");
        Assert.Equal("eve@customer.example", await UnmatchedAsync());

        // Others get what they took part in, without the person; who is entered again begins anew.
        var eve = await _stand.AddContactAsync("Eve", "eve@customer.example");
        await _stand.LinkPastMailAsync();
        var again = await _stand.AddContactAsync("Zoe again", "zoe@customer.example");
        await _stand.LinkPastMailAsync();
        Assert.Equal(("both cc", ""), (await TimelineAsync(eve), await TimelineAsync(again)));
        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from activities where participants::text like '%zoe%'", Cancel));
    }

    [Fact]
    public async Task Mail_that_Kafka_no_longer_has_is_left_alone_and_holds_nothing_up()
    {
        await _stand.ProduceMailAsync("a", "gone", "zoe@customer.example");
        await _stand.ProduceMailAsync("a", "replaced", "zoe@customer.example");
        await _stand.ProduceMailAsync("a", "there", "zoe@customer.example");
        await _stand.ProcessLiveAsync();
        await _stand.Database.ExecuteAsync(
            """
            update address_ledger set "offset" = 1000000000 where "offset" = (select min("offset") from address_ledger);
            update address_ledger set "offset" = "offset" + 1 where "offset" = (select min("offset") from address_ledger);
            """, Cancel);

        var zoe = await _stand.AddContactAsync("Zoe", "zoe@customer.example");
        await _stand.LinkPastMailAsync();

        Assert.Equal("there from", await TimelineAsync(zoe));
    }

    [Fact]
    public async Task Addresses_of_nobody_are_listed_with_their_mails_and_events()
    {
        await _stand.AddContactAsync("Ann", "ann@customer.example");
        await _stand.ProduceAsync("a", "authenticationSuccess", "\"user\":\"a@corp.example\"", "2026-06-01T08:00:00.000Z");
        await _stand.ProduceMailAsync("a", "1", "Zoe+B@customer.example", extra: ",\"date\":\"2026-06-01T10:00:00.000Z\"");
        await _stand.ProduceMailAsync("a", "2", "zoe@customer.example", extra: ",\"date\":\"2026-06-01T11:00:00.000Z\"");
        await _stand.ProduceMailAsync("a", "2", "zoe@customer.example", folder: "Archive", extra: ",\"date\":\"2026-06-01T11:00:00.000Z\"");
        await _stand.ProduceMailAsync("a", "3", "a@corp.example", "zoe@customer.example", "Sent", extra: ""","cc":[{"address":"ann@customer.example"},{"address":"a@corp.example"},{"address":"b@corp.example"}],"date":"2026-06-01T12:00:00.000Z" """);
        await _stand.ProduceMailAsync("b", "4", "z.oe@gmail.com", folder: "Junk");
        await _stand.ProduceMailAsync("b", "5", "Z.Oe@gmail.com", extra: ",\"date\":\"2026-06-01T13:00:00.000Z\"");
        await _stand.ProcessLiveAsync();

        var listed = await _stand.Client.ReadAllAsync("/api/unmatched?limit=1");
        Assert.Equal(
            """
            b@corp.example 0 1 12:00 12:00
            zoe+b@customer.example 1 0 10:00 10:00
            zoe@customer.example 1 1 11:00 12:00
            z.oe@gmail.com 1 0 13:00 13:00
            """.ReplaceLineEndings("\n"),
            string.Join('\n', listed.Select(item => $"{item.GetProperty("address")} {item.GetProperty("incomingCount")} {item.GetProperty("sentCount")} {item.GetProperty("firstSeenAt").GetDateTimeOffset():HH:mm} {item.GetProperty("lastSeenAt").GetDateTimeOffset():HH:mm}")));
        Assert.Equal("zoe+b@customer.example, zoe@customer.example", await UnmatchedAsync("?q=ZOE%40c"));

        var events = await _stand.Client.ReadAllAsync("/api/unmatched/events?address=ZOE@customer.example&limit=1");
        Assert.Equal(["to", "from", "from"], events.Select(item => item.GetProperty("role").GetString()));
        Assert.Equal(3, events.Select(item => item.GetProperty("eventId").GetString()).Distinct().Count());
        var outcome = (await _stand.Client.GetAsync($"/api/events/{events[1].GetProperty("eventId").GetString()}")).Json;
        Assert.Equal("no-contact", outcome.GetProperty("skipReason").GetString());
        Assert.Equal(events[1].GetProperty("offset").GetInt64(), outcome.GetProperty("trace").GetProperty("offset").GetInt64());
        (await _stand.Client.GetAsync("/api/unmatched/events")).AssertProblem(400, "invalid-request", "address");
        (await _stand.Client.GetAsync("/api/unmatched?cursor=x")).AssertProblem(400, "invalid-request", "cursor");

        // Who was connected since is one of us.
        await _stand.ProduceAsync("b", "authenticationSuccess", "\"user\":\"b@corp.example\"", "2026-06-01T08:00:00.000Z");
        await _stand.ProcessLiveAsync();
        Assert.Equal("zoe+b@customer.example, zoe@customer.example, z.oe@gmail.com", await UnmatchedAsync());
    }

    private async Task AssertIsWhatARebuildMakesAsync(string expected)
    {
        var before = await _stand.SnapshotAsync();
        Assert.Equal(expected, ReplayStand.Describe(await _stand.RunAsync("rebuild", execute: false)));
        Assert.Equal(expected, ReplayStand.Describe(await _stand.RunAsync("rebuild")));
        Assert.Equal(before, await _stand.SnapshotAsync());
    }

    private Task<long> IdOfAsync(string subject) => _stand.Database.QueryAsync<long>($"select min(id) from activities where subject = '{subject}'", Cancel);

    private Task<long> NamingZoeAsync() => _stand.Database.QueryAsync<long>(
        "select (select count(*) from address_ledger where address like 'zoe%' or mailbox like 'zoe%') + (select count(*) from address_changes where mailbox like 'zoe%')", Cancel);

    private async Task<string> UnmatchedAsync(string query = "")
    {
        var items = await _stand.Client.ReadAllAsync($"/api/unmatched{query}");
        return string.Join(", ", items.Select(item => item.GetProperty("address").GetString()));
    }

    private async Task<string> TimelineAsync(string contact)
    {
        var items = await _stand.Client.ReadAllAsync($"/api/contacts/{contact}/timeline?limit=1");
        return string.Join(", ", items.Select(item => $"{item.GetProperty("subject").GetString()} {item.GetProperty("roles")[0].GetString()}").Order(StringComparer.Ordinal));
    }
}
