using System.Text.Json;
using CrmMail.Api.Contacts;
using CrmMail.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmMail.SystemTests.Api;

/// <summary>Nothing of an erased person is left in the database, and everything of everybody else.</summary>
public sealed class ErasureTests(RunningApplication system) : IAsyncLifetime
{
    private const string Ann = "ann@customer.example";
    private const string Bob = "bob@customer.example";

    private static readonly string[] PersonalTexts = ["ann@", "Ann Smith", "müller", "mller"];

    private ScratchApi _api = null!;
    private Guid _ann;
    private Guid _bob;

    public async ValueTask InitializeAsync()
    {
        _api = await ScratchApi.StartAsync(system);
        await _api.ExecuteAsync("insert into accounts (id) values ('amy'), ('ben')");
        _ann = await _api.Client.AddContactAsync("Ann Smith", Ann, "ann@müller.example");
        _bob = await _api.Client.AddContactAsync("Bob", Bob);
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task An_activity_that_only_this_contact_had_goes_with_its_keys_skips_reports_and_requests()
    {
        await WriteAsync(1, "amy", "ann only", Mail(from: [("Ann Smith", Ann)]), (_ann, "from"), (_ann, "reply_to"));
        await WriteAsync(2, "ben", "ann only", Mail(from: [("Ann Smith", Ann)]), (_ann, "from"));
        await WriteAsync(3, "amy", "bob only", Mail(from: [("Bob", Bob)]), (_bob, "from"));
        await SkipAsync("amy", "again", "ann only");
        await SkipAsync("amy", "other", "bob only");
        await _api.ExecuteAsync("""
            update accounts set incoming_count = 2, sent_count = 1;
            insert into delivery_reports (key, account_id, status, status_at) values (sha256('ann only'), 'amy', 'sent', now()), (sha256('bob only'), 'amy', 'sent', now());
            insert into outbound_messages (account_id, idempotency_key, request_sha256, message_key) values ('amy', '1', sha256(''), sha256('ann only')), ('amy', '2', sha256(''), sha256('bob only'));
            """);

        Assert.Equal(
            "contacts 1, mergedContacts 0, addresses 2, activities 2, links 3, mentions 0, skips 1, outboundMessages 1, deliveryReports 1, bodies 0, dataKeys 0",
            await EraseAsync(_ann));
        Assert.Equal("3", await TextAsync("select string_agg(id::text, ',') from activities"));
        Assert.Equal("3", await TextAsync("select string_agg(activity_id::text, ',') from message_keys"));
        Assert.Equal("other", await TextAsync("select string_agg(event_id, ',') from skipped_events"));
        Assert.Equal("amy 1 1, ben 1 1", await TextAsync("select string_agg(concat_ws(' ', id, incoming_count, sent_count), ', ' order by id) from accounts"));
        Assert.Equal("2", await TextAsync("select string_agg(idempotency_key, ',') from outbound_messages"));
        Assert.Equal(1, await _api.QueryAsync<long>("select count(*) from timeline_entries"));
        Assert.Equal(1, await _api.QueryAsync<long>("select count(*) from delivery_reports"));
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task In_the_activities_of_others_the_person_is_no_longer_named()
    {
        await WriteAsync(1, "amy", "both", Mail(to: [("Ann Smith", "ANN@Customer.example"), ("Bob", Bob)], cc: [("", "ann+shop@customer.example")]), (_ann, "to"), (_bob, "to"));
        await WriteAsync(2, "amy", "copied only", Mail(from: [("Bob", Bob)], cc: [("Ann Smith", "Ann@MÜLLER.example"), ("Carol", "carol@customer.example")]), (_bob, "from"));
        await _api.ExecuteAsync("""
            update activities set status = 'bounced', status_at = now(), status_detail = '550 <Ann@Customer.example>: unknown user' where id = 1;
            insert into delivery_reports (key, account_id, status, status_at, status_detail) values (sha256('both'), 'amy', 'bounced', now(), '550 <Ann@Customer.example>: unknown user');
            """);

        Assert.Equal(
            "contacts 1, mergedContacts 0, addresses 2, activities 0, links 1, mentions 2, skips 0, outboundMessages 0, deliveryReports 0, bodies 0, dataKeys 0",
            await EraseAsync(_ann));
        await AssertNothingIsLeftAsync();
        var timeline = await _api.Client.ReadAllAsync($"/api/contacts/{_bob}/timeline");
        Assert.Equal([2L, 1L], timeline.Select(item => item.GetProperty("id").GetInt64()));
        Assert.Equal("bob@customer.example|carol@customer.example", string.Join('|', timeline[0].GetProperty("participants").GetProperty("from")[0].GetProperty("address"), timeline[0].GetProperty("participants").GetProperty("cc")[0].GetProperty("address")));
        Assert.Equal(("bounced", JsonValueKind.Null), (timeline[1].GetProperty("status").GetString(), timeline[1].GetProperty("statusDetail").ValueKind));
    }

    [Fact]
    public async Task Requests_to_send_go_when_they_were_to_this_person_alone()
    {
        await _api.ExecuteAsync($$"""
            insert into outbound_messages (account_id, idempotency_key, request_sha256, participants)
            values ('amy', 'alone', sha256(''), '{{Mail(to: [("Ann Smith", Ann)])}}'),
                   ('amy', 'both', sha256(''), '{{Mail(to: [("Bob", Bob)], bcc: [("Ann Smith", Ann)])}}'),
                   ('amy', 'bob', sha256(''), '{{Mail(to: [("Bob", Bob)])}}');
            """);

        Assert.Equal(
            "contacts 1, mergedContacts 0, addresses 2, activities 0, links 0, mentions 0, skips 0, outboundMessages 1, deliveryReports 0, bodies 0, dataKeys 0",
            await EraseAsync(_ann));
        Assert.Equal("bob,both", await TextAsync("select string_agg(idempotency_key, ',' order by idempotency_key) from outbound_messages"));
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task To_erase_again_removes_nothing_and_is_no_error()
    {
        await EraseAsync(_ann);
        Assert.Equal("contacts 0, mergedContacts 0, addresses 0, activities 0, links 0, mentions 0, skips 0, outboundMessages 0, deliveryReports 0, bodies 0, dataKeys 0", await EraseAsync(_ann));
        (await _api.Client.GetAsync($"/api/contacts/{_ann}")).AssertProblem(404, "not-found");
        (await _api.Client.GetAsync($"/api/contacts/{_bob}")).AssertStatus(200);
    }

    [Fact]
    public async Task The_address_of_an_erased_contact_is_free()
    {
        await EraseAsync(_ann);
        await _api.Client.AddContactAsync("Ann again", Ann);
    }

    [Fact]
    public async Task A_certificate_tells_what_went_and_what_Kafka_keeps_until_when()
    {
        await _api.ExecuteAsync("insert into topic_retention (topic, retention, segment) values ('mail.events', '90 days', '7 days'), ('mail.dead-letters', null, '7 days')");
        await WriteAsync(1, "amy", "ann only", Mail(from: [("Ann Smith", Ann)]), (_ann, "from"));
        var answer = (await _api.Client.DeleteAsync($"/api/contacts/{_ann}")).Json;

        var certificate = await _api.Client.GetAsync($"/api/erasures/{answer.GetProperty("erasureId").GetString()}");

        certificate.AssertStatus(200);
        Assert.Equal((_ann, "test"), (certificate.Json.GetProperty("contactId").GetGuid(), certificate.Json.GetProperty("requestedBy").GetString()));
        Assert.Equal(answer.GetRawText(), certificate.Json.GetProperty("removed").GetRawText());
        var kept = certificate.Json.GetProperty("kept").EnumerateArray().ToDictionary(item => item.GetProperty("store").GetString()!);
        Assert.Equal(
            TimeSpan.FromDays(97),
            kept["mail.events"].GetProperty("until").GetDateTimeOffset() - certificate.Json.GetProperty("completedAt").GetDateTimeOffset());
        Assert.Equal(("until", "for-ever"), (kept["mail.events"].GetProperty("duration").GetString(), kept["mail.dead-letters"].GetProperty("duration").GetString()));
        await AssertNothingIsLeftAsync();
        (await _api.Client.GetAsync($"/api/erasures/{Guid.NewGuid()}")).AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task The_migrator_has_found_out_how_long_Kafka_keeps_the_topics()
    {
        await using var crm = NpgsqlDataSource.Create((await system.Application.GetConnectionStringAsync("crm", TestContext.Current.CancellationToken))!);
        await using var command = crm.CreateCommand("select string_agg(topic || ' ' || coalesce(retention::text, 'for ever'), ', ' order by topic) from topic_retention");
        Assert.Equal("mail.dead-letters 90 days, mail.events for ever", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Who writes mails shares a lock, so that an erasure finds what was in progress when it began.</summary>
    [Fact]
    public async Task What_is_being_written_while_somebody_is_erased_goes_too()
    {
        await using var writer = await _api.Database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await writer.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(ErasureLock.Share);
        await ExecuteAsync($$"""
            insert into activities (id, account_id, mail_key, direction, participants, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
            values (1, 'amy', sha256('x'), 'incoming', '{{Mail(from: [("Bob", Bob)], cc: [("Ann Smith", Ann)])}}', now(), now(), 'emailengine', 'e-1', 'mail.events', 0, 1, '')
            """);

        var erasing = _api.Client.DeleteAsync($"/api/contacts/{_ann}");
        Assert.NotSame(erasing, await Task.WhenAny(erasing, Task.Delay(TimeSpan.FromMilliseconds(1500), TestContext.Current.CancellationToken)));
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        (await erasing).AssertStatus(200);
        Assert.Equal(1, (await erasing).Json.GetProperty("mentions").GetInt32());
        await AssertNothingIsLeftAsync();

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, writer);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_erasure_whose_Api_died_is_brought_to_its_end()
    {
        await WriteAsync(1, "amy", "ann only", Mail(from: [("Ann Smith", Ann)]), (_ann, "from"));
        await _api.ExecuteAsync($"insert into erasures (id, contact_id, requested_by) values (gen_random_uuid(), '{_ann}', 'somebody')");
        var erasures = new ErasureTable(_api.Database.DataSource);
        var hashes = new AddressHashes(new ErasureOptions { Keys = { ScratchApi.ErasureKey } });
        using var worker = new ErasureWorker(
            erasures, new ContactEraser(_api.Database.DataSource, new Tombstones(hashes), TimeProvider.System), TimeProvider.System, NullLogger<ErasureWorker>.Instance);

        await worker.FinishAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal("somebody 1", await TextAsync("select requested_by || ' ' || (certificate->'removed'->>'activities') from erasures"));
        await AssertNothingIsLeftAsync();
        await worker.FinishAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal(1, await _api.QueryAsync<long>("select count(*) from erasures"));
    }

    [Fact]
    public async Task A_long_history_goes_too()
    {
        await _api.ExecuteAsync($$"""
            insert into activities (id, account_id, mail_key, direction, participants, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
            select n, 'amy', sha256(n::text::bytea), 'sent', '{{Mail(to: [("Ann Smith", Ann), ("Bob", Bob)])}}', now(), now(), 'emailengine', 'e-' || n, 'mail.events', 0, n, md5(n::text)
            from generate_series(1, 3000) as n;

            insert into message_keys (key, account_id, activity_id) select mail_key, account_id, id from activities;

            insert into timeline_entries (contact_id, mail_key, occurred_at, direction)
            select '{{_ann}}'::uuid, mail_key, occurred_at, direction from activities
            union all
            select '{{_bob}}'::uuid, mail_key, occurred_at, direction from activities where id % 2 = 0;

            insert into activity_contacts (activity_id, contact_id, role, entry_id)
            select activities.id, contact_id, 'to', timeline_entries.id from activities join timeline_entries using (mail_key);
            """);

        Assert.Equal(
            "contacts 1, mergedContacts 0, addresses 2, activities 1500, links 3000, mentions 1500, skips 0, outboundMessages 0, deliveryReports 0, bodies 0, dataKeys 0",
            await EraseAsync(_ann));
        Assert.Equal(1500, await _api.QueryAsync<long>("select count(*) from activities"));
        await AssertNothingIsLeftAsync();
    }

    private async Task<string> EraseAsync(Guid contact)
    {
        var answer = await _api.Client.DeleteAsync($"/api/contacts/{contact}");
        answer.AssertStatus(200);
        return string.Join(", ", answer.Json.EnumerateObject().Where(member => member.Name != "erasureId").Select(member => $"{member.Name} {member.Value}"));
    }

    private async Task AssertNothingIsLeftAsync()
    {
        var tables = await TextAsync("select string_agg(table_name, ',') from information_schema.tables where table_schema = 'public' and table_name not in ('schema_migrations', 'api_keys')");
        foreach (var table in tables.Split(','))
        {
            var rows = await TextAsync($"select coalesce(string_agg({table}::text, chr(10)), '') from {table}");
            Assert.All(PersonalTexts, text => Assert.DoesNotContain(text, rows, StringComparison.OrdinalIgnoreCase));
        }
    }

    private Task<string> TextAsync(string sql) => _api.QueryAsync<string>(sql);

    private Task SkipAsync(string account, string eventId, string mail) => _api.ExecuteAsync($$"""
        insert into skipped_events (account_id, source, event_id, event, reason, mail_keys, topic, partition, "offset", correlation_id)
        values ('{{account}}', 'emailengine', '{{eventId}}', 'messageNew', '{{SkipReason.KnownMail.ToText()}}', array[sha256('x'), sha256('{{mail}}')], 'mail.events', 0, 1, md5('{{eventId}}'))
        """);

    private async Task WriteAsync(long id, string account, string mail, string participants, params (Guid Contact, string Role)[] contacts)
    {
        await _api.ExecuteAsync($$"""
            begin;
            insert into activities (id, account_id, mail_key, direction, participants, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
            values ({{id}}, '{{account}}', sha256('{{mail}}'), 'incoming', '{{participants}}', timestamptz '2026-01-01Z' + {{id}} * interval '1 minute', now(), 'emailengine', 'e-{{id}}', 'mail.events', 0, {{id}}, md5('{{id}}'));
            insert into message_keys (key, account_id, activity_id) values (sha256('{{mail}}'), '{{account}}', {{id}});
            commit;
            """);
        foreach (var (contact, role) in contacts)
        {
            await _api.ExecuteAsync($$"""
                insert into timeline_entries (contact_id, mail_key, occurred_at, direction)
                select '{{contact}}', mail_key, occurred_at, direction from activities where id = {{id}}
                on conflict (contact_id, mail_key) do nothing;

                insert into activity_contacts (activity_id, contact_id, role, entry_id)
                select {{id}}, contact_id, '{{role}}', id from timeline_entries where contact_id = '{{contact}}' and mail_key = sha256('{{mail}}');
                """);
        }
    }

    private static string Mail(
        (string Name, string Address)[]? from = null, (string Name, string Address)[]? to = null, (string Name, string Address)[]? cc = null, (string Name, string Address)[]? bcc = null) =>
        JsonSerializer.Serialize(
            new[] { ("from", from), ("to", to), ("cc", cc), ("bcc", bcc) }
                .Where(header => header.Item2 is not null)
                .ToDictionary(header => header.Item1, header => header.Item2!.Select(mailbox => new { name = mailbox.Name, address = mailbox.Address })),
            Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
