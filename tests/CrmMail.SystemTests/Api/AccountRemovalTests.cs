using System.Text.Json;

namespace CrmMail.SystemTests.Api;

/// <summary>Removing accounts with a history, in a database of its own.</summary>
public sealed class AccountRemovalTests(RunningApplication system) : IAsyncLifetime
{
    private const int Own = 2_500;
    private const int Shared = 30;

    private ScratchApi _api = null!;

    public async ValueTask InitializeAsync()
    {
        var emailEngine = await system.Application.GetConnectionStringAsync("emailengine", TestContext.Current.CancellationToken);
        _api = await ScratchApi.StartAsync(system, ("ConnectionStrings:emailengine", emailEngine!));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_long_history_goes_in_parts_and_shared_mails_stay_with_the_others()
    {
        await GenerateAsync();
        var removed = (await _api.Client.DeleteAsync("/api/accounts/amy")).Json;

        Assert.Equal((Own + Shared, Own), (removed.GetProperty("activities").GetInt32(), removed.GetProperty("timelineEntries").GetInt32()));
        Assert.Equal((1, 1, 1), (removed.GetProperty("skips").GetInt32(), removed.GetProperty("deliveryReports").GetInt32(), removed.GetProperty("outboundMessages").GetInt32()));
        Assert.Equal(0, await CountAsync("activities where account_id = 'amy'"));
        Assert.Equal(0, await CountAsync("message_keys where account_id = 'amy'"));
        Assert.Equal(0, await CountAsync("account_addresses where account_id = 'amy'"));
        Assert.Equal(Shared, await CountAsync("activities"));

        // Amy had sent them; the colleague has received them, a little later.
        Assert.Equal(Shared, await CountAsync("timeline_entries join activities using (mail_key, occurred_at, direction) where direction = 'incoming'"));
        Assert.Equal(Shared, await CountAsync("timeline_entries"));
    }

    [Fact]
    public async Task What_a_removal_left_behind_goes_when_it_is_repeated_or_the_account_is_connected_again()
    {
        await GenerateAsync();
        await _api.ExecuteAsync("update accounts set state = 'deleted', forgotten_before = 'infinity' where id = 'amy'");
        (await _api.Client.GetAsync("/api/accounts/amy")).AssertProblem(404, "account-not-found");

        await _api.ExecuteAsync("delete from activities where id in (select id from activities where account_id = 'amy' order by occurred_at desc limit 1000)");
        var removed = (await _api.Client.DeleteAsync("/api/accounts/amy")).Json;
        Assert.Equal(Own + Shared - 1_000, removed.GetProperty("activities").GetInt32());
        Assert.Equal(0, await CountAsync("outbound_messages"));
    }

    [Fact]
    public async Task Accounts_are_listed_in_pages_without_those_that_were_removed()
    {
        await _api.ExecuteAsync("""
            insert into accounts (id, state, forgotten_before)
            select 'account-' || n, 'connected', case when n % 10 = 0 then 'infinity'::timestamptz when n % 10 = 1 then now() end
            from generate_series(1, 100) as n
            """);
        var listed = (await _api.Client.ReadAllAsync("/api/accounts?limit=7")).Select(account => account.GetProperty("id").GetString()!).ToList();
        Assert.Equal(90, listed.Distinct().Count());
        Assert.Equal(90, listed.Count);
        Assert.DoesNotContain("account-10", listed);
        Assert.Contains("account-11", listed);
        var account = (await _api.Client.GetAsync("/api/accounts/account-11")).Json;
        Assert.Equal(("connected", JsonValueKind.Null), (account.GetProperty("state").GetString(), account.GetProperty("stateSince").ValueKind));
    }

    private async Task<int> CountAsync(string what) => (int)await _api.QueryAsync<long>($"select count(*) from {what}");

    /// <summary>Amy with mails of her own and mails that a colleague has too, all with one contact.</summary>
    private Task GenerateAsync() => _api.ExecuteAsync($"""
        insert into accounts (id, name, address) values ('amy', 'Amy', 'amy@example.com'), ('colleague', '', null);
        insert into account_addresses (account_id, address) values ('amy', 'amy@example.com');
        insert into contacts (id, name) values ('00000000-0000-7000-8000-000000000001', 'Ann');

        create temporary table mails as
        select n, account, sha256(n::text::bytea) as key, case account when 'amy' then 'sent' else 'incoming' end as direction, timestamptz '2026-01-01' + n * interval '1 minute' + case account when 'amy' then interval '0' else interval '3 seconds' end as at
        from generate_series(1, {Own + Shared}) as n, unnest(array['amy', 'colleague']) as account
        where account = 'amy' or n > {Own};

        insert into activities (account_id, mail_key, direction, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
        select account, key, direction, at, at, 'emailengine', n::text, 'mail.events', 0, n, n::text from mails;

        insert into message_keys (key, account_id, activity_id) select mail_key, account_id, id from activities;

        insert into timeline_entries (contact_id, mail_key, occurred_at, direction)
        select '00000000-0000-7000-8000-000000000001', key, min(at), max(direction) from mails group by key;

        insert into activity_contacts (activity_id, contact_id, role, entry_id)
        select activities.id, contact_id, 'to', timeline_entries.id from activities join timeline_entries using (mail_key);

        insert into skipped_events (account_id, source, event_id, event, reason, topic, partition, "offset", correlation_id)
        values ('amy', 'emailengine', 'x', 'messageNew', 'no-contact', 'mail.events', 0, 1, 'x');
        insert into delivery_reports (key, account_id, status, status_at) values (sha256('1'), 'amy', 'sent', now());
        insert into outbound_messages (account_id, idempotency_key, request_sha256) values ('amy', 'k', sha256('1'));
        """);
}
