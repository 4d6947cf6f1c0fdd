using System.Diagnostics;
using System.Globalization;

namespace CrmMail.SystemTests.Replay;

/// <summary>What a merge costs those who write mails meanwhile.</summary>
/// <remarks>The environment variable <c>MERGE_COST_MAILS</c> sets how many mails are moved; docs/identity.md has the figures of 100,000.</remarks>
public sealed class MergeCostTests(RunningApplication system) : IAsyncLifetime
{
    private static readonly int MailCount = int.Parse(Environment.GetEnvironmentVariable("MERGE_COST_MAILS") ?? "10000", CultureInfo.InvariantCulture);

    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stand = await ReplayStand.StartAsync(system);

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task Others_write_to_the_same_accounts_between_the_pages()
    {
        var ann = await _stand.AddContactAsync("Ann", "ann@customer.example");
        var old = await _stand.AddContactAsync("Old", "old@customer.example");
        await AddMailsAsync(old);
        await _stand.LinkPastMailAsync();

        var clock = Stopwatch.StartNew();
        var begun = await _stand.Client.PostAsync($"/api/contacts/{old}/merge", $$"""{"into": "{{ann}}"}""");
        begun.AssertStatus(202);
        Report("merge begun", clock.Elapsed, []);
        await MeasureAsync("merged");
        Assert.Equal(MailCount, await CountAsync(ann));

        (await _stand.Client.PostAsync($"/api/contacts/merges/{begun.Json.GetProperty("id").GetString()}/undo", "")).AssertStatus(202);
        await MeasureAsync("undone");
        Assert.Equal(MailCount, await CountAsync(old));
    }

    /// <summary>Lets the mails move, and takes the row of one of their accounts again and again, as every batch with mail of it does.</summary>
    private async Task MeasureAsync(string what)
    {
        var clock = Stopwatch.StartNew();
        var work = Task.Run(_stand.LinkPastMailAsync, Cancel);
        var waits = new List<TimeSpan>();
        while (!work.IsCompleted)
        {
            var before = clock.Elapsed;
            await _stand.Database.ExecuteAsync("update accounts set last_event_at = now() where id = 'account-1'", Cancel);
            waits.Add(clock.Elapsed - before);
        }

        await work;
        Report(what, clock.Elapsed, waits);
        Assert.True(waits.Max() < clock.Elapsed / 4, $"Somebody waited for {waits.Max()} of {clock.Elapsed}.");
    }

    private static void Report(string what, TimeSpan time, List<TimeSpan> waits)
    {
        var longest = waits.Count > 0 ? $", {waits.Count} others waited for {waits.Order().ElementAt(waits.Count / 2).TotalMilliseconds:f0} ms (median), {waits.Max().TotalMilliseconds:f0} ms at most" : "";
        TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {MailCount} mails within {time.TotalMilliseconds:f0} ms{longest}");
    }

    /// <summary>Mails of the contact, in ten accounts, with their rows of the ledger.</summary>
    private Task AddMailsAsync(string contact) => _stand.Database.ExecuteAsync(
        $"""
        insert into accounts (id) select 'account-' || n from generate_series(0, 9) as n;
        insert into activities (account_id, mail_key, direction, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
        select 'account-' || n % 10, sha256(n::text::bytea), 'incoming', now() - n * interval '1 minute', now(), 'emailengine', n::text, 'mail.events', 0, n, n::text
        from generate_series(1, {MailCount}) as n;
        insert into message_keys (key, account_id, activity_id) select mail_key, account_id, id from activities;
        insert into timeline_entries (contact_id, mail_key, occurred_at, direction) select '{contact}', mail_key, occurred_at, direction from activities;
        insert into activity_contacts (activity_id, contact_id, role, entry_id, matched_by)
        select activities.id, '{contact}', 'from', entry.id, 'exact' from activities join timeline_entries as entry using (mail_key);
        insert into address_ledger (account_id, source, event_id, role, address_key, address, mailbox, contact_id, direction, mail_key, occurred_at, partition, "offset")
        select account_id, source, event_id, 'from', sha256('old@customer.example'), 'old@customer.example', 'old@customer.example', '{contact}', direction, mail_key, occurred_at, partition, "offset"
        from activities;
        analyze;
        """, Cancel);

    private Task<long> CountAsync(string contact) => _stand.Database.QueryAsync<long>(
        $"select count(*) from activity_contacts as link join timeline_entries as entry on entry.id = link.entry_id and entry.contact_id = link.contact_id where link.contact_id = '{contact}'", Cancel);
}
