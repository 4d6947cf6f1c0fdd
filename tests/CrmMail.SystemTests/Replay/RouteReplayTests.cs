namespace CrmMail.SystemTests.Replay;

/// <summary>What replays say and do about deals.</summary>
public sealed class RouteReplayTests(RunningApplication system) : IAsyncLifetime
{
    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "3"));

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Theory]
    [InlineData("verify")]
    [InlineData("fill")]
    [InlineData("rebuild")]
    public async Task What_was_routed_live_is_right(string mode)
    {
        await Mails.ProduceAllKindsAsync(_stand);
        await MakeDealAsync("Anns", "Ann");
        await MakeDealAsync("Bens", "Ben");
        await _stand.ProcessLiveAsync();
        var before = await _stand.SnapshotAsync();
        Assert.Equal(6, await _stand.Database.QueryAsync<long>("select count(*) from activity_routes", Cancel));

        Assert.Equal(Mails.Unchanged, ReplayStand.Describe(await _stand.RunAsync(mode)));
        Assert.Equal(before, await _stand.SnapshotAsync());
    }

    [Fact]
    public async Task A_deal_that_was_entered_later_gets_the_mails_from_before_and_a_verify_lists_exactly_those()
    {
        await Mails.ProduceAllKindsAsync(_stand);
        await _stand.ProcessLiveAsync();
        await MakeDealAsync("Anns", "Ann");

        var dry = await _stand.RunAsync("fill", execute: false);
        var real = await _stand.RunAsync("fill");

        Assert.Equal(
            """
            changed a <sent@NAME>: route
            changed a shared: route
            changed b <bare@NAME>: route
            changed b both: route
            changed b shared: route
            """.ReplaceLineEndings("\n").Replace("NAME", _stand.Name, StringComparison.Ordinal),
            await _stand.ChangesAsync(real));
        Assert.Equal(await _stand.ChangesAsync(real), await _stand.ChangesAsync(dry));
        Assert.Equal(Mails.Unchanged, ReplayStand.Describe(await _stand.RunAsync("verify")));
        Assert.Equal(5, await _stand.Database.QueryAsync<long>("select count(*) from activity_routes", Cancel));
    }

    [Fact]
    public async Task A_rebuild_takes_mails_out_of_a_deal_to_which_they_no_longer_belong()
    {
        await Mails.ProduceAllKindsAsync(_stand);
        var deal = await MakeDealAsync("Anns", "Ann");
        await _stand.ProcessLiveAsync();
        (await _stand.Client.PatchAsync($"/api/deals/{deal}", """{"contacts": []}""")).AssertStatus(200);

        var dry = await _stand.RunAsync("rebuild", execute: false);
        var real = await _stand.RunAsync("rebuild");

        Assert.Equal(await _stand.ChangesAsync(real), await _stand.ChangesAsync(dry));
        Assert.Equal(ReplayStand.Describe(real), ReplayStand.Describe(dry));
        Assert.Equal("completed, 5 changed, 1 unchanged, 11 skipped", ReplayStand.Describe(real));
        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from activity_routes", Cancel));
    }

    [Fact]
    public async Task What_a_person_said_outlives_later_mails_replays_and_a_lost_activity()
    {
        await Mails.ProduceAllKindsAsync(_stand);
        var (anns, other) = (await MakeDealAsync("Anns", "Ann"), await MakeDealAsync("Other"));
        await _stand.ProcessLiveAsync();
        var shared = await IdOfAsync("shared");
        (await _stand.Client.DeleteAsync($"/api/deals/{anns}/activities/{shared}")).AssertStatus(204);
        (await _stand.Client.PutAsync($"/api/deals/{other}/activities/{shared}", "")).AssertStatus(204);
        var (ofAnn, ofOther) = (await TimelineAsync(anns), await TimelineAsync(other));
        Assert.Equal("sent, both, ", ofAnn);
        Assert.Equal("shared", ofOther);

        await _stand.ProduceMailAsync("a", "shared", "ann@customer.example", folder: "Later", date: "2026-06-09T12:00:00.000Z");
        await _stand.ProcessLiveAsync();
        ofOther = "shared, plain"; // the answer to it follows, as the deal of their conversation is another one now
        foreach (var mode in new[] { "fill", "rebuild" })
        {
            await _stand.RunAsync(mode);
            Assert.Equal((ofAnn, ofOther), (await TimelineAsync(anns), await TimelineAsync(other)));
        }

        // Everything is lost but what people said and made.
        await _stand.ForgetEverythingAsync();
        Assert.Equal(("", ""), (await TimelineAsync(anns), await TimelineAsync(other)));
        await _stand.RunAsync("fill");
        Assert.Equal((ofAnn, ofOther), (await TimelineAsync(anns), await TimelineAsync(other)));
    }

    private async Task<Guid> MakeDealAsync(string name, params string[] contacts)
    {
        var ids = await _stand.Database.QueryAsync<string>($"select coalesce(json_agg(id), '[]')::text from contacts where name in ('{string.Join("','", contacts)}')", Cancel);
        var made = await _stand.Client.PostAsync("/api/deals", $$"""{"name": "{{name}}", "contacts": {{ids}}, "openedAt": "2026-01-01T00:00:00Z"}""");
        made.AssertStatus(201);
        return made.Json.GetProperty("id").GetGuid();
    }

    private Task<long> IdOfAsync(string subject) => _stand.Database.QueryAsync<long>($"select min(id) from activities where subject = '{subject}'", Cancel);

    private async Task<string> TimelineAsync(Guid deal)
    {
        var items = await _stand.Client.ReadAllAsync($"/api/deals/{deal}/timeline?limit=1");
        return string.Join(", ", items.Select(item => item.GetProperty("subject").GetString()).OrderDescending(StringComparer.Ordinal));
    }
}
