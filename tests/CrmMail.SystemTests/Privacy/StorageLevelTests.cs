using System.Text.Json;
using CrmMail.Processor.Privacy;
using CrmMail.SystemTests.Api;
using CrmMail.SystemTests.Replay;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrmMail.SystemTests.Privacy;

/// <summary>How much of mails is stored: of new ones, of those that are there, and by replays.</summary>
public sealed class StorageLevelTests(RunningApplication system) : IAsyncLifetime
{
    private const string Text = ",\"text\":{\"plain\":\"How much?\"}";

    private ReplayStand _stand = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system);
        await _stand.AddContactAsync("Ann", "ann@customer.example");
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Theory]
    [InlineData("snippet", null, "snippet", "Offer|How much?")]
    [InlineData("snippet", "subject", "subject", "Offer|")]
    [InlineData("snippet", "metadata", "metadata", "|")]
    [InlineData("subject", null, "subject", "Offer|")]
    [InlineData("subject", "snippet", "subject", "Offer|")]
    [InlineData("metadata", "subject", "metadata", "|")]
    public async Task The_strictest_level_holds_before_anything_is_written(string ofAll, string? ofAccount, string effective, string stored)
    {
        await _stand.Database.ExecuteAsync($"insert into accounts (id) values ('{_stand.Account("amy")}')", Cancel);
        (await SetAsync(ofAll)).AssertStatus(200);
        var answer = await SetAsync(ofAccount, "amy");
        Assert.Equal(effective, answer.Json.GetProperty("effectiveLevel").GetString());

        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "Offer", extra: Text);
        await _stand.ProduceAsync("amy", "messageSent", $"\"messageId\":\"<2@{_stand.Name}>\",\"envelope\":{{\"from\":\"amy@corp.example\",\"to\":[\"ann@customer.example\"]}}");
        await _stand.ProduceMailAsync("amy", "2", "amy@corp.example", "ann@customer.example", "Sent", "Offer", extra: Text);
        await _stand.ProcessLiveAsync(batchSize: 1);

        Assert.Equal($"{stored} {stored}", await StoredAsync("amy"));
        Assert.Equal("completed, 2 unchanged, 1 skipped", ReplayStand.Describe(await _stand.RunAsync("rebuild", execute: false)));
    }

    [Fact]
    public async Task A_stricter_level_is_applied_to_what_is_stored_and_a_rebuild_brings_back_what_a_looser_one_allows()
    {
        foreach (var account in new[] { "amy", "ben" })
        {
            await _stand.ProduceMailAsync(account, account, "ann@customer.example", subject: "Offer", extra: Text);
        }

        await _stand.ProcessLiveAsync();
        await _stand.Database.ExecuteAsync($"insert into outbound_messages (account_id, idempotency_key, request_sha256, subject, snippet) values ('{_stand.Account("amy")}', '1', sha256(''), 'Offer', 'How much?')", Cancel);
        var whole = await _stand.SnapshotAsync();

        var run = (await SetAsync("subject")).Json.GetProperty("run");
        Assert.Equal("queued 0 of 2", Describe(run));
        Assert.Equal(1, await WorkAsync());
        Assert.Equal("Offer|", await StoredAsync("amy"));
        Assert.Equal("Offer|", await _stand.Database.QueryAsync<string>("select subject || '|' || snippet from outbound_messages", Cancel));
        Assert.Equal("completed 2 of 2, 3 changed", Describe(await FindAsync(run)));
        Assert.Equal("completed, 2 unchanged", ReplayStand.Describe(await _stand.RunAsync("rebuild", execute: false)));

        var ofAmy = (await SetAsync("metadata", "amy")).Json.GetProperty("run");
        Assert.Equal(1, await WorkAsync());
        Assert.Equal(("|", "Offer|"), (await StoredAsync("amy"), await StoredAsync("ben")));
        Assert.Equal("completed 1 of 1, 2 changed", Describe(await FindAsync(ofAmy)));

        Assert.Equal("subject", (await SetAsync(null, "amy")).Json.GetProperty("effectiveLevel").GetString());
        Assert.Equal(JsonValueKind.Null, (await SetAsync("snippet")).Json.GetProperty("run").ValueKind);
        await WorkAsync();
        const string Changes = "changed amy Offer: content\nchanged ben Offer: content";
        Assert.Equal(Changes, await _stand.ChangesAsync(await _stand.RunAsync("rebuild", execute: false)));
        await _stand.RunAsync("rebuild");
        Assert.Equal(whole, await _stand.SnapshotAsync());

        var audit = (await _stand.Client.ReadAllAsync("/api/audit?action=storage.set")).Select(entry => $"{entry.GetProperty("request").GetProperty("level")} {entry.GetProperty("result")}").Last();
        Assert.Equal("""subject {"done":2,"state":"completed","total":2,"changed":3}""", audit);
    }

    /// <summary>The Processor that dies takes its lock and the page in progress with it, and nothing else.</summary>
    [Fact]
    public async Task A_run_whose_Processor_died_goes_on_where_it_was()
    {
        await _stand.Database.ExecuteAsync(
            """
            insert into accounts (id) values ('a'), ('b');
            insert into activities (account_id, mail_key, direction, subject, snippet, attachments, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
            select case when n <= 2500 then 'a' else 'b' end, sha256(n::text::bytea), 'sent', 'subject', 'snippet', '[{"name": "offer.pdf"}]', timestamptz '2026-01-01Z' + (n / 3) * interval '1 minute', now(), 'emailengine', 'e-' || n, 'mail.events', 0, n, md5(n::text)
            from generate_series(1, 2700) as n
            """, Cancel);
        var run = (await SetAsync("metadata")).Json.GetProperty("run");

        await using (var connection = new NpgsqlConnection($"{_stand.Database.ConnectionString};Pooling=false"))
        {
            await connection.OpenAsync(Cancel);
            var dying = new StorageRunTable(connection);
            Assert.NotNull(await dying.TryLockAsync(Cancel));
            var first = await dying.StepAsync((await dying.TakeAsync(Cancel))!, Cancel);
            await dying.StepAsync(first!, Cancel);
            Assert.Equal(0, await WorkAsync());
        }

        Assert.Equal("running 0 of 2, 2000 changed", Describe(await FindAsync(run)));
        Assert.Equal(1, await WorkAsync());
        Assert.Equal("completed 2 of 2, 2700 changed", Describe(await FindAsync(run)));
        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from activities where subject <> '' or snippet <> '' or attachments <> '[]'", Cancel));
    }

    [Fact]
    public async Task What_cannot_be_set_is_refused()
    {
        (await SetAsync(null)).AssertProblem(400, "invalid-request", "level");
        (await _stand.Client.PutAsync("/api/settings/storage", """{"level": "everything"}""")).AssertStatus(400);
        (await _stand.Client.PutAsync("/api/settings/storage", """{"level": "body"}""")).AssertProblem(409, "no-master-key");
        (await _stand.Client.PutAsync("/api/accounts/nobody/storage", """{"level": "subject"}""")).AssertProblem(404, "account-not-found");
        (await _stand.Client.GetAsync("/api/accounts/nobody/storage")).AssertProblem(404, "account-not-found");
        (await _stand.Client.GetAsync($"/api/settings/storage/runs/{Guid.NewGuid()}")).AssertProblem(404, "not-found");
        Assert.Equal("snippet", (await _stand.Client.GetAsync("/api/settings/storage")).Json.GetProperty("effectiveLevel").GetString());
        Assert.Empty(await _stand.Client.ReadAllAsync("/api/settings/storage/runs"));
    }

    private Task<ApiAnswer> SetAsync(string? level, string? account = null) =>
        _stand.Client.PutAsync(account is null ? "/api/settings/storage" : $"/api/accounts/{_stand.Account(account)}/storage", JsonSerializer.Serialize(new { level }));

    private Task<int> WorkAsync() => _stand.Services.GetRequiredService<StorageRunWorker>().WorkAsync(Cancel);

    private async Task<JsonElement> FindAsync(JsonElement run) => (await _stand.Client.GetAsync($"/api/settings/storage/runs/{run.GetProperty("id").GetString()}")).Json;

    private static string Describe(JsonElement run)
    {
        var changed = run.GetProperty("changed").GetInt64();
        return $"{run.GetProperty("state").GetString()} {run.GetProperty("done")} of {run.GetProperty("total")}{(changed > 0 ? $", {changed} changed" : "")}";
    }

    /// <summary>What is stored of the account's mails: subject and snippet of each.</summary>
    private Task<string> StoredAsync(string account) => _stand.Database.QueryAsync<string>(
        $"select string_agg(subject || '|' || snippet, ' ' order by occurred_at, id) from activities where account_id = '{_stand.Account(account)}'", Cancel);
}
