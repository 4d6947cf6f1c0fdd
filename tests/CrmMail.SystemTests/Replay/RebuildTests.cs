using System.Text.Json;

namespace CrmMail.SystemTests.Replay;

/// <summary>What a rebuild makes anew, and what it never touches.</summary>
public sealed class RebuildTests(RunningApplication system) : IAsyncLifetime
{
    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system, settings: ("Replay:BatchSize", "2"));
        await Mails.ProduceAllKindsAsync(_stand);
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task Everything_rebuilt_is_as_in_a_new_database_and_a_verify_lists_exactly_that_beforehand()
    {
        await _stand.ProcessLiveAsync();
        await ChangeContactsAsync();
        await CorruptAsync();

        var dry = await _stand.RunAsync("rebuild", execute: false);
        var real = await _stand.RunAsync("rebuild");

        Assert.Equal(
            """
            added a late: missing
            changed a <sent@NAME>: direction, content, links
            changed b both: content, links
            moved b plain: folder
            removed a shared: no-contact
            removed b <bare@NAME>: no-contact
            removed b shared: no-contact
            """.ReplaceLineEndings("\n").Replace("NAME", _stand.Name, StringComparison.Ordinal),
            await _stand.ChangesAsync(dry));
        Assert.Equal(await _stand.ChangesAsync(dry), await _stand.ChangesAsync(real));
        Assert.Equal(ReplayStand.Describe(dry), ReplayStand.Describe(real));

        var rebuilt = await _stand.SnapshotAsync();
        await _stand.ForgetEverythingAsync();
        await _stand.ProcessLiveAsync();
        Assert.Equal(await _stand.SnapshotAsync(), rebuilt);
    }

    [Fact]
    public async Task A_rebuild_of_what_a_rebuild_has_made_changes_nothing()
    {
        await _stand.ProcessLiveAsync();
        await ChangeContactsAsync();
        await CorruptAsync();
        await _stand.RunAsync("rebuild");
        var before = await _stand.SnapshotAsync();

        var again = await _stand.RunAsync("rebuild");

        Assert.Equal("completed, 4 unchanged, 13 skipped", ReplayStand.Describe(again));
        Assert.Equal(before, await _stand.SnapshotAsync());
    }

    [Fact]
    public async Task What_events_outside_of_the_range_told_of_a_mail_stays()
    {
        await _stand.ProcessLiveAsync();
        var before = await _stand.SnapshotAsync();

        // Each event alone: the others of its mail lie before it, or behind.
        foreach (var record in _stand.Events)
        {
            var run = await _stand.WaitForAsync(
                await _stand.OrderAsync($$"""{"mode": "rebuild", "range": { {{ReplayStand.Offsets([record])}} }, "execute": true}"""),
                run => run.GetProperty("endedAt").ValueKind != JsonValueKind.Null);
            Assert.DoesNotMatch(@"\d (added|changed|moved|removed)", ReplayStand.Describe(run));
        }

        Assert.Equal(before, await _stand.SnapshotAsync());
    }

    [Fact]
    public async Task A_contact_that_is_gone_takes_no_mail_along_of_which_a_later_event_is_not_in_the_range()
    {
        await _stand.ProcessLiveAsync();
        await _stand.Database.ExecuteAsync("update contact_addresses set address = 'new@customer.example' where address = 'ann@customer.example'", Cancel);
        var firstOfShared = _stand.Events[2];

        var run = await _stand.WaitForAsync(
            await _stand.OrderAsync($$"""{"mode": "rebuild", "range": { {{ReplayStand.Offsets([firstOfShared])}} }, "execute": true}"""),
            run => run.GetProperty("endedAt").ValueKind != JsonValueKind.Null);

        Assert.Equal("completed, 1 unchanged", ReplayStand.Describe(run));
        Assert.Equal(6, await _stand.Database.QueryAsync<long>("select count(*) from activities", Cancel));
    }

    [Fact]
    public async Task Whoever_was_erased_from_a_mail_is_not_brought_back()
    {
        await _stand.ProcessLiveAsync();
        var ben = await _stand.Database.QueryAsync<Guid>("select id from contacts where name = 'Ben'", Cancel);
        (await _stand.Client.DeleteAsync($"/api/contacts/{ben}")).AssertStatus(200);
        var before = await _stand.SnapshotAsync();
        Assert.DoesNotContain("ben@", before, StringComparison.Ordinal);

        await _stand.RunAsync("fill");
        await _stand.RunAsync("rebuild");

        Assert.DoesNotContain("ben@", await _stand.SnapshotAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_typed_and_accounts_that_were_removed_stay_as_they_are()
    {
        await _stand.ProcessLiveAsync();
        await _stand.Database.ExecuteAsync(
            $"""
            update accounts set name = 'Typed', address = 'typed@corp.example' where id = '{_stand.Account("a")}';
            delete from activities where account_id = '{_stand.Account("b")}';
            delete from skipped_events where account_id = '{_stand.Account("b")}';
            delete from delivery_reports where account_id = '{_stand.Account("b")}';
            update accounts set forgotten_before = 'infinity', state = 'deleted', state_since = now() where id = '{_stand.Account("b")}';
            """, Cancel);

        await _stand.RunAsync("rebuild");

        Assert.Equal("Typed typed@corp.example", await _stand.Database.QueryAsync<string>($"select name || ' ' || address from accounts where id = '{_stand.Account("a")}'", Cancel));
        Assert.Equal(0, await _stand.Database.QueryAsync<long>($"select count(*) from activities where account_id = '{_stand.Account("b")}'", Cancel));
        Assert.Equal("account-deleted", await _stand.Database.QueryAsync<string>($"select string_agg(distinct reason, ', ') from skipped_events where account_id = '{_stand.Account("b")}'", Cancel));
    }

    /// <summary>Somebody is known now who was not, and Ann has another address: mails to her alone are nobody's.</summary>
    private async Task ChangeContactsAsync()
    {
        await _stand.AddContactAsync("Late", "late@customer.example");
        await _stand.Database.ExecuteAsync("update contact_addresses set address = 'new@customer.example' where address = 'ann@customer.example'", Cancel);
    }

    private Task CorruptAsync() => _stand.Database.ExecuteAsync(
        $"""
        update activities set subject = 'wrong', snippet = 'wrong', thread_key = null where subject = 'both';
        update activities set direction = 'incoming', is_auto_reply = true where subject = 'sent';
        update accounts set incoming_count = incoming_count + 1, sent_count = sent_count - 1 where id = '{_stand.Account("a")}';
        update activities set folder_path = 'Nowhere' where subject = 'plain';
        """, Cancel);
}
