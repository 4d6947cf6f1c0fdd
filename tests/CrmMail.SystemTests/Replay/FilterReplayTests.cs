using CrmMail.Processor.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CrmMail.SystemTests.Replay;

/// <summary>What replays say and do about tags, about mail that was filtered, and about what was blocked.</summary>
public sealed class FilterReplayTests(RunningApplication system)
{
    private const string Newsletter = ""","headers":{"list-unsubscribe":["<https://news.example/u>"]}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_blocked_comes_back_by_a_fill_once_it_is_unblocked_and_goes_by_a_rebuild()
    {
        await using var stand = await ReplayStand.StartAsync(system);
        await Mails.ProduceAllKindsAsync(stand);
        await stand.ProcessLiveAsync();
        var unblocked = await stand.SnapshotAsync();
        await stand.ForgetEverythingAsync();

        var all = await BlockAsync(stand, """{"value": "ann@customer.example"}""");
        await stand.ProcessLiveAsync();
        var blocked = await stand.SnapshotAsync();
        Assert.Equal(4, await stand.Database.QueryAsync<long>("select count(*) from skipped_events where reason = 'blocked'", Cancel));
        Assert.Equal("completed, 3 unchanged, 14 skipped", ReplayStand.Describe(await stand.RunAsync("rebuild")));
        Assert.Equal(blocked, await stand.SnapshotAsync());

        (await stand.Client.DeleteAsync($"/api/blocklist/{all}")).AssertStatus(204);
        var dry = await stand.RunAsync("fill", execute: false);
        var real = await stand.RunAsync("fill");

        Assert.Equal(unblocked, await stand.SnapshotAsync());
        Assert.Equal(await stand.ChangesAsync(real), await stand.ChangesAsync(dry));
        Assert.Contains("added a shared: missing", await stand.ChangesAsync(real), StringComparison.Ordinal);

        // For one account alone, and what is there already goes by a rebuild.
        await BlockAsync(stand, $$"""{"value": "customer.example", "accountId": "{{stand.Account("b")}}"}""");
        Assert.Equal(Mails.Unchanged, ReplayStand.Describe(await stand.RunAsync("fill")));
        Assert.Equal(unblocked, await stand.SnapshotAsync());
        dry = await stand.RunAsync("rebuild", execute: false);
        real = await stand.RunAsync("rebuild");
        Assert.Equal(
            """
            removed b <bare@NAME>: blocked
            removed b both: blocked
            removed b plain: blocked
            removed b shared: blocked
            """.ReplaceLineEndings("\n").Replace("NAME", stand.Name, StringComparison.Ordinal),
            await stand.ChangesAsync(real));
        Assert.Equal(await stand.ChangesAsync(real), await stand.ChangesAsync(dry));
    }

    [Fact]
    public async Task Tags_that_are_not_those_of_the_rules_are_listed_and_a_fill_adds_what_a_rebuild_puts_right()
    {
        await using var stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "2"));
        await ProduceAsync(stand);
        await stand.ProcessLiveAsync();
        var right = await stand.SnapshotAsync();
        Assert.Equal("news: 4 list-unsubscribe, plain: 0 ", await TagsAsync(stand));
        foreach (var mode in new[] { "verify", "fill", "rebuild" })
        {
            Assert.Equal("completed, 2 unchanged, 1 skipped", ReplayStand.Describe(await stand.RunAsync(mode)));
        }

        // As an earlier version had left them: one tag missing, another too many.
        await stand.Database.ExecuteAsync(
            """
            update activities set tags = case subject when 'plain' then 1 else 0 end, tag_rules = case subject when 'plain' then array['old-rule'] else '{}' end;
            update timeline_entries as entry set tags = mail.tags from activities as mail where mail.mail_key = entry.mail_key
            """, Cancel);
        var fill = await stand.RunAsync("fill", execute: false);
        var rebuild = await stand.RunAsync("rebuild", execute: false);
        Assert.Equal("changed a news: tags", await stand.ChangesAsync(fill));
        Assert.Equal("changed a news: tags\nchanged a plain: tags", await stand.ChangesAsync(rebuild));

        Assert.Equal("changed a news: tags", await stand.ChangesAsync(await stand.RunAsync("fill")));
        Assert.Equal("news: 4 list-unsubscribe, plain: 1 old-rule", await TagsAsync(stand));
        Assert.Equal("changed a plain: tags", await stand.ChangesAsync(await stand.RunAsync("rebuild")));
        Assert.Equal(right, await stand.SnapshotAsync());
    }

    [Fact]
    public async Task History_follows_a_changed_setting()
    {
        await using var stand = await ReplayStand.StartAsync(system, processors: 0);
        var dropping = await stand.StartProcessorAsync(("Filters:Actions:bulk", "drop"));
        await ProduceAsync(stand);
        await stand.ProcessLiveAsync();
        var dropped = await stand.SnapshotAsync();
        Assert.Equal("plain: 0 ", await TagsAsync(stand));
        Assert.Equal(2, await stand.Database.QueryAsync<long>("select count(*) from skipped_events where reason in ('filtered-bulk', 'known-mail')", Cancel));
        await StopReplaysAsync(dropping);

        var tagging = await stand.StartProcessorAsync();
        Assert.Equal("added a news: missing", await stand.ChangesAsync(await stand.RunAsync("fill")));
        Assert.Equal("news: 4 list-unsubscribe, plain: 0 ", await TagsAsync(stand));
        await StopReplaysAsync(tagging);

        var keeping = await stand.StartProcessorAsync(("Filters:Actions:bulk", "keep"));
        Assert.Equal("changed a news: tags", await stand.ChangesAsync(await stand.RunAsync("rebuild")));
        Assert.Equal("news: 0 , plain: 0 ", await TagsAsync(stand));
        await StopReplaysAsync(keeping);

        await stand.StartProcessorAsync(("Filters:Actions:bulk", "drop"));
        Assert.Equal("completed, 2 unchanged, 1 skipped", ReplayStand.Describe(await stand.RunAsync("fill")));
        Assert.Equal("removed a news: filtered-bulk", await stand.ChangesAsync(await stand.RunAsync("rebuild", execute: false)));
        await stand.RunAsync("rebuild");
        Assert.Equal(dropped, await stand.SnapshotAsync());
    }

    private static async Task ProduceAsync(ReplayStand stand)
    {
        await stand.AddContactAsync("Ann", "ann@customer.example");
        await stand.ProduceMailAsync("a", "news", "ann@customer.example", extra: Newsletter);
        await stand.ProduceMailAsync("a", "plain", "ann@customer.example");
        await stand.ProduceMailAsync("a", "plain", "ann@customer.example", folder: "Archive", date: "2026-06-02T12:00:00.000Z");
    }

    private static async Task<string?> BlockAsync(ReplayStand stand, string json)
    {
        var added = await stand.Client.PostAsync("/api/blocklist", json);
        added.AssertStatus(201);
        return added.Json.GetProperty("id").GetString();
    }

    private static Task StopReplaysAsync(IHost processor) => processor.Services.GetServices<IHostedService>().OfType<ReplayService>().Single().StopAsync(Cancel);

    private static Task<string> TagsAsync(ReplayStand stand) => stand.Database.QueryAsync<string>(
        """
        select string_agg(format('%s: %s %s', subject, entry.tags, array_to_string(tag_rules, ' ')), ', ' order by subject)
        from activities
        join activity_contacts on activity_id = activities.id
        join timeline_entries as entry on entry.id = entry_id
        """, Cancel);
}
