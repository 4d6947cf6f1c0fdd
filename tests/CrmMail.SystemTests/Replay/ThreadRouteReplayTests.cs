using CrmMail.Contracts;

namespace CrmMail.SystemTests.Replay;

/// <summary>What replays say and do about the deals of conversations.</summary>
public sealed class ThreadRouteReplayTests(RunningApplication system) : IAsyncLifetime
{
    private const string Secret = "a-secret-of-the-replays-of-routes";
    private const string Routes = "select string_agg(concat_ws(' ', subject, deal_reason, name), ', ' order by subject) from activities left join activity_routes on activity_id = activities.id left join deals on deals.id = deal_id";
    private const string Unchanged = "completed, 3 unchanged, 1 skipped";

    private static readonly Guid Deal = new("00000000-0000-7000-8000-000000000001");

    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system, settings: [("Routing:Domain", "inbound.example"), ("Routing:Secrets:0", Secret), ("Replay:BatchSize", "1")]);
        await _stand.AddContactAsync("Ann", "ann@customer.example");
        await _stand.Database.ExecuteAsync(
            $"""
            insert into deals (id, name) values ('{Deal}', 'one'), ('00000000-0000-7000-8000-000000000002', 'anns');
            insert into deal_periods (deal_id, opened_at) select id, '2026-01-01Z' from deals;
            insert into deal_contacts (deal_id, contact_id) select deals.id, contacts.id from deals, contacts where deals.name = 'anns';
            """, Cancel);
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Theory]
    [InlineData("verify")]
    [InlineData("fill")]
    [InlineData("rebuild")]
    public async Task A_conversation_is_right_also_where_the_mail_that_gives_its_deal_is_beyond_the_range(string mode)
    {
        await ProduceFirstAsync();
        await ProduceAnswersAsync();
        await _stand.ProcessLiveAsync();
        var live = await _stand.SnapshotAsync();
        Assert.Equal("first routing-address one, second thread one, third thread one", await _stand.Database.QueryAsync<string>(Routes, Cancel));

        Assert.Equal(Unchanged, ReplayStand.Describe(await _stand.RunAsync(mode)));
        var part = await _stand.OrderAsync($$"""{"mode": "{{mode}}", "range": { {{ReplayStand.Offsets(_stand.Events.Skip(1))}} }, "execute": true}""");
        var run = await _stand.WaitForAsync(part, seen => seen.GetProperty("endedAt").ValueKind != System.Text.Json.JsonValueKind.Null);

        Assert.Equal("completed, 2 unchanged, 1 skipped", ReplayStand.Describe(run));
        Assert.Equal(live, await _stand.SnapshotAsync());
    }

    [Theory]
    [InlineData("fill")]
    [InlineData("rebuild")]
    public async Task A_mail_that_was_missing_gives_its_conversation_the_deal_and_the_dry_run_says_so(string mode)
    {
        await ProduceAnswersAsync();
        await _stand.ProcessLiveAsync();
        Assert.Equal("second contact anns, third contact anns", await _stand.Database.QueryAsync<string>(Routes, Cancel));
        await ProduceFirstAsync();

        var dry = await _stand.RunAsync(mode, execute: false);
        var real = await _stand.RunAsync(mode);

        Assert.Equal("completed, 1 added, 2 changed, 1 skipped", ReplayStand.Describe(dry));
        Assert.Equal("added a first: missing\nchanged a third: route\nchanged b second: route", await _stand.ChangesAsync(dry));
        Assert.Equal(await _stand.ChangesAsync(dry), await _stand.ChangesAsync(real));
        Assert.Equal(ReplayStand.Describe(dry), ReplayStand.Describe(real));
        Assert.Equal("first routing-address one, second thread one, third thread one", await _stand.Database.QueryAsync<string>(Routes, Cancel));
        Assert.Equal(Unchanged, ReplayStand.Describe(await _stand.RunAsync("verify")));
    }

    [Theory]
    [InlineData("fill")]
    [InlineData("rebuild")]
    public async Task What_a_person_said_of_one_mail_takes_the_conversation_along_and_back(string mode)
    {
        await ProduceAnswersAsync();
        await _stand.ProduceMailAsync("a", "first", "ann@customer.example");
        await _stand.ProcessLiveAsync();
        var second = await _stand.Database.QueryAsync<long>("select id from activities where subject = 'second'", Cancel);

        (await _stand.Client.PutAsync($"/api/deals/{Deal}/activities/{second}", "")).AssertStatus(204);
        var there = await _stand.RunAsync(mode, execute: false);
        await _stand.RunAsync(mode);
        Assert.Equal("changed a first: route\nchanged a third: route\nchanged b second: route", await _stand.ChangesAsync(there));
        Assert.Equal("first thread one, second thread one, third thread one", await _stand.Database.QueryAsync<string>(Routes, Cancel));
        Assert.Equal(Unchanged, ReplayStand.Describe(await _stand.RunAsync("verify")));

        (await _stand.Client.DeleteAsync($"/api/deals/{Deal}/activities/{second}")).AssertStatus(204);
        var back = await _stand.RunAsync(mode, execute: false);
        await _stand.RunAsync(mode);
        Assert.Equal(await _stand.ChangesAsync(there), await _stand.ChangesAsync(back));
        Assert.Equal("first contact anns, second contact anns, third contact anns", await _stand.Database.QueryAsync<string>(Routes, Cancel));
        Assert.Equal(Unchanged, ReplayStand.Describe(await _stand.RunAsync("verify")));
    }

    private Task ProduceFirstAsync()
    {
        Assert.True(new RoutingAddresses(new RoutingOptions { Domain = "inbound.example", Secrets = { Secret } }).TryGetAddress(Deal, out var address));
        return _stand.ProduceMailAsync("a", "first", "ann@customer.example", address);
    }

    private async Task ProduceAnswersAsync()
    {
        await _stand.ProduceMailAsync("b", "second", "ann@customer.example", extra: $",\"inReplyTo\":\"<first@{_stand.Name}>\"");
        await _stand.ProduceMailAsync("a", "third", "ann@customer.example", extra: $",\"inReplyTo\":\"<second@{_stand.Name}>\"");
        await _stand.ProduceMailAsync("b", "stranger", "nobody@x.example", extra: $",\"inReplyTo\":\"<first@{_stand.Name}>\"");
    }
}
