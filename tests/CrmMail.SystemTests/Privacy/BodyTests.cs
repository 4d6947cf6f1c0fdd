using System.Text;
using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.Bodies;
using CrmMail.Processor.Privacy;
using CrmMail.SystemTests.Api;
using CrmMail.SystemTests.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CrmMail.SystemTests.Privacy;

/// <summary>Bodies at the level <c>body</c>: who can read them, for how long, and what a replay makes of them.</summary>
public sealed class BodyTests(RunningApplication system) : IAsyncLifetime
{
    private const string OldKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string NewKey = "IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE=";
    private const string Text = ",\"text\":{\"plain\":\"How much for a hundred?\",\"html\":\"<p>How much for a hundred?</p>\"}";
    private const string ToBen = ",\"cc\":[{\"name\":\"\",\"address\":\"ben@customer.example\"}]";

    private static readonly (string Key, string Value)[] Keys =
    [
        ("Bodies:MasterKeys:0:Id", "old"), ("Bodies:MasterKeys:0:Key", OldKey), ("Bodies:MasterKeys:1:Id", "new"), ("Bodies:MasterKeys:1:Key", NewKey),
    ];

    private static readonly (string Key, string Value)[] RotatedKeys =
    [
        ("Bodies:MasterKeys:0:Id", "new"), ("Bodies:MasterKeys:0:Key", NewKey), ("Bodies:MasterKeys:1:Id", "old"), ("Bodies:MasterKeys:1:Key", OldKey),
    ];

    private ReplayStand _stand = null!;
    private string _ann = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stand = await ReplayStand.StartAsync(system, settings: Keys);
        _ann = await _stand.AddContactAsync("Ann", "ann@customer.example");
        (await SetLevelAsync("body")).AssertStatus(200);
    }

    public ValueTask DisposeAsync() => _stand.DisposeAsync();

    [Fact]
    public async Task A_body_is_read_through_the_Api_and_nowhere_in_the_database()
    {
        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "1", extra: Text);
        await _stand.ProduceMailAsync("amy", "2", "ann@customer.example", subject: "2", extra: ",\"text\":{\"plain\":\"My card is 4111 1111 1111 1111.\",\"hasMore\":true}");
        await _stand.ProduceMailAsync("amy", "3", "ann@customer.example", subject: "3");
        await _stand.ProduceTeamMailAsync("sales", """{"message_id":"<4@customer.example>","subject":"4","envelope":{"from":{"email":"ann@customer.example"}},"text":"","html":"<b>Hello</b>"}""");
        await _stand.ProcessLiveAsync();

        var answer = await ReadAsync("1");
        Assert.Equal("""{"text":"How much for a hundred?","html":"<p>How much for a hundred?</p>","truncated":false}""", Compact(answer));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("""{"text":"My card is [redacted].","html":null,"truncated":true}""", Compact(await ReadAsync("2")));
        Assert.Equal("""{"text":null,"html":"<b>Hello</b>","truncated":false}""", Compact(await ReadAsync("4")));
        Assert.Equal("never-sent", await ReasonAsync("3"));
        (await _stand.Client.GetAsync("/api/activities/0/body")).AssertProblem(404, "not-found");
        await _stand.Database.ExecuteAsync("update activities set snippet = ''", Cancel);
        await AssertNowhereAsync("for a hundred");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task The_longest_of_all_that_events_tell_of_a_mail_stays_in_whatever_order_they_come(int batchSize)
    {
        string[] texts = ["How much for a hundred?", "How", "How much?"];
        for (var n = 0; n < texts.Length; n++)
        {
            await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", folder: $"F{n}", subject: "1", extra: $",\"text\":{{\"plain\":\"{texts[n]}\"}}");
        }

        await _stand.ProcessLiveAsync(batchSize);
        Assert.Equal(texts[0], await TextAsync("1"));
        var first = await FingerprintsAsync();
        await _stand.ForgetEverythingAsync();
        _stand.Events.Reverse();
        await _stand.ProcessLiveAsync(batchSize);

        Assert.Equal(texts[0], await TextAsync("1"));
        Assert.Equal(first, await FingerprintsAsync());
    }

    [Fact]
    public async Task A_replay_leaves_bodies_as_they_are_and_brings_back_those_that_are_missing_or_changed()
    {
        await _stand.ProduceMailAsync("amy", "1", "amy@corp.example", "ann@customer.example", "Sent", "1", extra: Text + ToBen);
        await _stand.ProduceMailAsync("amy", "2", "ann@customer.example", subject: "2", extra: Text);
        await _stand.ProcessLiveAsync();
        var before = await FingerprintsAsync();
        Assert.Equal("completed, 2 unchanged", ReplayStand.Describe(await _stand.RunAsync("fill")));
        Assert.Equal("completed, 2 unchanged", ReplayStand.Describe(await _stand.RunAsync("rebuild", execute: false)));
        Assert.Equal("completed, 2 unchanged", ReplayStand.Describe(await _stand.RunAsync("rebuild")));

        await _stand.Database.ExecuteAsync("delete from activity_bodies using activities where activity_id = id and subject = '1'", Cancel);
        Assert.Equal("changed amy 1: body", await _stand.ChangesAsync(await _stand.RunAsync("fill", execute: false)));
        await _stand.RunAsync("fill");
        Assert.Equal(before, await FingerprintsAsync());

        await _stand.Database.ExecuteAsync("update activity_bodies set fingerprint = sha256('')", Cancel);
        const string Changes = "changed amy 1: body\nchanged amy 2: body";
        Assert.Equal(Changes, await _stand.ChangesAsync(await _stand.RunAsync("rebuild", execute: false)));
        Assert.Equal(Changes, await _stand.ChangesAsync(await _stand.RunAsync("rebuild")));
        Assert.Equal(before, await FingerprintsAsync());
        Assert.Equal("How much for a hundred?", await TextAsync("1"));
    }

    [Fact]
    public async Task Who_is_erased_takes_the_keys_along_and_others_read_on()
    {
        await _stand.AddContactAsync("Ben", "ben@customer.example");
        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "1", extra: Text);
        await _stand.ProduceMailAsync("amy", "2", "amy@corp.example", "ann@customer.example", "Sent", "2", extra: Text + ToBen);
        await _stand.ProcessLiveAsync();
        Assert.Equal("How much for a hundred?,How much for a hundred?", await ExportedAsync(_ann));

        var erased = (await _stand.Client.DeleteAsync($"/api/contacts/{_ann}")).Json;

        Assert.Equal((1, 1), (erased.GetProperty("bodies").GetInt32(), erased.GetProperty("dataKeys").GetInt32()));
        Assert.Equal("1 1 1", await _stand.Database.QueryAsync<string>(
            "select concat_ws(' ', (select count(*) from activity_bodies), (select count(*) from body_keys), (select count(*) from data_keys where contact_id is not null))", Cancel));
        Assert.Equal("How much for a hundred?", await TextAsync("2"));
        Assert.Equal("completed, 1 unchanged, 1 skipped", ReplayStand.Describe(await _stand.RunAsync("fill")));
        Assert.Equal("completed, 1 unchanged, 1 skipped", ReplayStand.Describe(await _stand.RunAsync("rebuild")));
        Assert.Equal("How much for a hundred?", await TextAsync("2"));

        // The keys of the one who is left are lost too: so is the body.
        await _stand.Database.ExecuteAsync("delete from data_keys where contact_id is not null", Cancel);
        Assert.Equal("erased", await ReasonAsync("2"));
        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from activity_bodies", Cancel));
    }

    [Fact]
    public async Task Who_is_linked_later_can_read_the_body_and_who_is_unlinked_cannot()
    {
        await _stand.ProduceMailAsync("amy", "1", "amy@corp.example", "ann@customer.example", "Sent", "1", extra: Text + ToBen);
        await _stand.ProcessLiveAsync();
        var ben = await _stand.AddContactAsync("Ben", "ben@customer.example");
        Assert.Equal("", await ExportedAsync(ben));

        await _stand.LinkPastMailAsync();
        Assert.Equal("How much for a hundred?", await ExportedAsync(ben));

        (await _stand.Client.PutAsync($"/api/contacts/{_ann}", """{"name": "Ann", "addresses": ["ann@home.example"]}""")).AssertStatus(200);
        await _stand.LinkPastMailAsync();
        Assert.Equal("", await ExportedAsync(_ann));
        Assert.Equal("How much for a hundred?", await ExportedAsync(ben));
        Assert.Equal("How much for a hundred?", await TextAsync("1"));
    }

    [Fact]
    public async Task Who_is_merged_takes_the_keys_along_and_gets_them_back()
    {
        var (ben, cleo) = (await _stand.AddContactAsync("Ben", "ben@customer.example"), await _stand.AddContactAsync("Cleo", "cleo@customer.example"));
        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "1", extra: Text);
        await _stand.ProduceMailAsync("amy", "2", "amy@corp.example", "ann@customer.example", "Sent", "2", extra: Text + ToBen);
        await _stand.ProduceMailAsync("amy", "3", "ben@customer.example", subject: "3", extra: Text);
        await _stand.ProcessLiveAsync();
        var (keys, before) = (await ReadersAsync(), await FingerprintsAsync());
        Assert.Equal("1 Ann, 2 Ann, 2 Ben, 3 Ben", keys);

        var intoAnn = await MergeAsync(ben, _ann);
        Assert.Equal("1 Ann, 2 Ann, 2 Ann, 3 Ann", await ReadersAsync());
        var intoCleo = await MergeAsync(_ann, cleo);
        Assert.Equal("1 Cleo, 2 Cleo, 2 Cleo, 3 Cleo", await ReadersAsync());
        Assert.Equal("How much for a hundred?", await TextAsync("3"));
        Assert.Equal("completed, 3 unchanged", ReplayStand.Describe(await _stand.RunAsync("fill")));
        Assert.Equal("completed, 3 unchanged", ReplayStand.Describe(await _stand.RunAsync("rebuild")));
        Assert.Equal("1 Cleo, 2 Cleo, 2 Cleo, 3 Cleo", await ReadersAsync());
        await _stand.ProduceMailAsync("amy", "4", "ben@customer.example", subject: "4", extra: Text);
        await _stand.ProcessLiveAsync();

        await UndoAsync(intoCleo);
        Assert.Equal("1 Ann, 2 Ann, 2 Ann, 3 Ann, 4 Ann", await ReadersAsync());
        await UndoAsync(intoAnn);
        Assert.Equal($"{keys}, 4 Ben", await ReadersAsync());
        Assert.StartsWith(before, await FingerprintsAsync(), StringComparison.Ordinal);

        (await _stand.Client.DeleteAsync($"/api/contacts/{ben}")).AssertStatus(200);
        Assert.Equal("1 Ann, 2 Ann", await ReadersAsync());
    }

    [Fact]
    public async Task Who_is_erased_takes_the_keys_along_of_those_who_were_merged_into_it()
    {
        var ben = await _stand.AddContactAsync("Ben", "ben@customer.example");
        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "1", extra: Text);
        await _stand.ProduceMailAsync("amy", "2", "ben@customer.example", subject: "2", extra: Text);
        await _stand.ProcessLiveAsync();
        await MergeAsync(ben, _ann);

        (await _stand.Client.DeleteAsync($"/api/contacts/{_ann}")).AssertStatus(200);

        Assert.Equal("", await ReadersAsync());
        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from data_keys where contact_id is not null", Cancel));
        Assert.Equal("", await FingerprintsAsync());
    }

    [Fact]
    public async Task A_stricter_level_removes_bodies_and_a_rebuild_brings_them_back()
    {
        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "1", extra: Text);
        await _stand.ProcessLiveAsync();
        var before = await FingerprintsAsync();

        var run = (await SetLevelAsync("snippet")).Json.GetProperty("run");
        Assert.Equal("level", await ReasonAsync("1"));
        Assert.Equal(1, await _stand.Services.GetRequiredService<StorageRunWorker>().WorkAsync(Cancel));
        Assert.Equal(1, (await _stand.Client.GetAsync($"/api/settings/storage/runs/{run.GetProperty("id").GetString()}")).Json.GetProperty("changed").GetInt32());
        Assert.Equal("", await FingerprintsAsync());
        Assert.Equal(0, await _stand.Database.QueryAsync<long>("select count(*) from body_keys", Cancel));
        Assert.Equal("completed, 1 unchanged", ReplayStand.Describe(await _stand.RunAsync("rebuild")));

        await SetLevelAsync("body");
        Assert.Equal("changed amy 1: body", await _stand.ChangesAsync(await _stand.RunAsync("rebuild", execute: false)));
        await _stand.RunAsync("rebuild");
        Assert.Equal(before, await FingerprintsAsync());
    }

    [Fact]
    public async Task A_body_that_is_too_old_is_neither_kept_nor_brought_back()
    {
        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "1", extra: Text);
        await _stand.ProduceMailAsync("amy", "2", "ann@customer.example", subject: "2", extra: Text, date: DateTime.UtcNow.ToString("O"));
        await _stand.ProcessLiveAsync();
        await _stand.Database.ExecuteAsync("update activities set occurred_at = now() - interval '400 days' where subject = '1'; update activity_bodies set occurred_at = activities.occurred_at from activities where id = activity_id", Cancel);
        Assert.Equal("expired", await ReasonAsync("1"));

        using var janitor = new BodyJanitor(_stand.Database.DataSource, Options.Create(new BodyOptions()), TimeProvider.System, NullLogger<BodyJanitor>.Instance);
        await janitor.DeleteOldAsync(Cancel);

        Assert.Equal("2", await _stand.Database.QueryAsync<string>("select string_agg(subject, ',') from activities join activity_bodies on activity_id = id", Cancel));
        await _stand.RunAsync("fill");
        Assert.Equal("2", await _stand.Database.QueryAsync<string>("select string_agg(subject, ',') from activities join activity_bodies on activity_id = id", Cancel));
    }

    [Fact]
    public async Task A_new_master_key_takes_over_all_keys_and_changes_no_body()
    {
        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "1", extra: Text);
        await _stand.ProcessLiveAsync();
        Assert.Equal("old 2, new 0", await MasterKeysAsync());

        await _stand.StartProcessorAsync(RotatedKeys);
        Assert.Equal(2, await _stand.Services.GetRequiredService<KeyRotation>().WorkAsync(Cancel));
        Assert.Equal(0, await _stand.Services.GetRequiredService<KeyRotation>().WorkAsync(Cancel));

        Assert.Equal("old 0, new 2", await MasterKeysAsync());
        Assert.Equal("How much for a hundred?", await TextAsync("1"));
        Assert.Equal("completed, 1 unchanged", ReplayStand.Describe(await _stand.RunAsync("rebuild", execute: false)));
        var audit = Assert.Single(await _stand.Client.ReadAllAsync("/api/audit?action=bodies.rewrap"));
        Assert.Equal("""{"masterKey":"new"} {"done":2,"state":"completed"}""", $"{Compact(audit.GetProperty("request"))} {Compact(audit.GetProperty("result"))}");

        await _stand.Database.ExecuteAsync("update data_keys set master_key = 'gone'", Cancel);
        (await ReadAsync("1")).AssertProblem(503, "body-key-missing");
        (await _stand.Client.GetAsync($"/api/contacts/{_ann}/export")).AssertProblem(503, "body-key-missing");
    }

    [Fact]
    public async Task A_body_under_the_mail_of_another_one_is_not_read()
    {
        await _stand.ProduceMailAsync("amy", "1", "ann@customer.example", subject: "1", extra: Text);
        await _stand.ProduceMailAsync("amy", "2", "ann@customer.example", subject: "2", extra: Text);
        await _stand.ProcessLiveAsync();

        await _stand.Database.ExecuteAsync(
            """
            with other as (select activity_bodies.content, body_keys.wrapped, activity_id from activity_bodies join body_keys using (activity_id))
            , bodies as (update activity_bodies set content = other.content from other where other.activity_id <> activity_bodies.activity_id)
            update body_keys set wrapped = other.wrapped from other where other.activity_id <> body_keys.activity_id
            """, Cancel);

        (await ReadAsync("1")).AssertProblem(500, "body-unreadable");
    }

    private async Task<string> MergeAsync(string contact, string into)
    {
        var answer = await _stand.Client.PostAsync($"/api/contacts/{contact}/merge", $$"""{"into": "{{into}}"}""");
        answer.AssertStatus(202);
        await _stand.LinkPastMailAsync();
        return answer.Json.GetProperty("id").GetString()!;
    }

    private async Task UndoAsync(string merge)
    {
        (await _stand.Client.PostAsync($"/api/contacts/merges/{merge}/undo", "")).AssertStatus(202);
        await _stand.LinkPastMailAsync();
    }

    /// <summary>By whose keys which bodies can be read.</summary>
    private Task<string> ReadersAsync() => _stand.Database.QueryAsync<string>(
        """
        select coalesce(string_agg(activities.subject || ' ' || contacts.name, ', ' order by activities.subject, contacts.name), '')
        from body_keys
        join activities on activities.id = body_keys.activity_id
        join data_keys on data_keys.id = body_keys.data_key_id
        join contacts on contacts.id = data_keys.contact_id
        """, Cancel);

    private Task<ApiAnswer> SetLevelAsync(string level) => _stand.Client.PutAsync("/api/settings/storage", JsonSerializer.Serialize(new { level }));

    private async Task<ApiAnswer> ReadAsync(string subject) =>
        await _stand.Client.GetAsync($"/api/activities/{await _stand.Database.QueryAsync<long>($"select id from activities where subject = '{subject}'", Cancel)}/body");

    private async Task<string?> TextAsync(string subject)
    {
        var answer = await ReadAsync(subject);
        answer.AssertStatus(200);
        return answer.Json.GetProperty("text").GetString();
    }

    private async Task<string?> ReasonAsync(string subject)
    {
        var answer = await ReadAsync(subject);
        answer.AssertProblem(404, "body-not-stored");
        return answer.Json.GetProperty("reason").GetString();
    }

    private async Task<string> ExportedAsync(string contact)
    {
        var bodies = (await _stand.Client.GetAsync($"/api/contacts/{contact}/export")).Json.GetProperty("bodies");
        return string.Join(',', bodies.EnumerateArray().Select(body => body.GetProperty("text").GetString()));
    }

    private async Task<string> MasterKeysAsync() => string.Join(
        ", ",
        (await _stand.Client.GetAsync("/api/settings/bodies")).Json.GetProperty("masterKeys").EnumerateArray().Select(key => $"{key.GetProperty("id").GetString()} {key.GetProperty("dataKeys")}"));

    private Task<string> FingerprintsAsync() => _stand.Database.QueryAsync<string>(
        "select coalesce(string_agg(concat_ws(' ', subject, activity_bodies.occurred_at, length, fingerprint), chr(10) order by subject), '') from activity_bodies join activities on id = activity_id", Cancel);

    private async Task AssertNowhereAsync(string words)
    {
        var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(words));
        var tables = await _stand.Database.QueryAsync<string>("select string_agg(table_name, ',') from information_schema.tables where table_schema = 'public'", Cancel);
        foreach (var table in tables.Split(','))
        {
            var rows = await _stand.Database.QueryAsync<string>($"select coalesce(string_agg({table}::text, chr(10)), '') from {table}", Cancel);
            Assert.DoesNotContain(words, rows, StringComparison.Ordinal);
            Assert.DoesNotContain(hex, rows, StringComparison.Ordinal);
        }
    }

    private static string Compact(ApiAnswer answer) => Compact(answer.Json);

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json, Unescaped);

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
