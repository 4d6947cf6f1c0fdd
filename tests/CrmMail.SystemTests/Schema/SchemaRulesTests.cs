using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Schema;

/// <summary>What the schema itself enforces, whoever writes.</summary>
public sealed class SchemaRulesTests(RunningApplication system) : IAsyncLifetime
{
    private static readonly Guid Bob = Guid.CreateVersion7();

    private ScratchDatabase _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await ScratchDatabase.CreateAsync(system, Cancel);
        await _database.MigrateAsync(Cancel);
        await _database.ExecuteAsync($"""
            insert into accounts (id) values ('amy'), ('ben');
            insert into contacts (id, name) values ('{Bob}', 'Bob Buyer');
            insert into contact_addresses (address, contact_id) values ('bob@example.org', '{Bob}');
            """, Cancel);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_mail_has_one_activity_per_account_whichever_of_its_keys_comes_first()
    {
        await InsertActivityAsync(1, "amy", "mail", keys: ["mail", "email-id"]);
        await InsertActivityAsync(2, "ben", "mail", keys: ["mail"]);
        await AssertRefusedAsync(PostgresErrorCodes.UniqueViolation, () => InsertActivityAsync(3, "amy", "other", keys: ["email-id"]));
    }

    [Fact]
    public async Task A_key_may_be_taken_before_its_activity_is_written_but_not_without_it()
    {
        await _database.ExecuteAsync($"begin; {KeySql("k", "amy", 1)}; {ActivitySql(1, "amy", "k")}; commit", Cancel);
        await AssertRefusedAsync(PostgresErrorCodes.ForeignKeyViolation, () => _database.ExecuteAsync(KeySql("lost", "amy", 99), Cancel));
    }

    [Fact]
    public async Task A_mail_is_once_on_the_timeline_of_a_contact()
    {
        const string Entry = "insert into timeline_entries (contact_id, mail_key, occurred_at, direction) values ('{0}', sha256('mail'), now(), 'incoming')";
        await _database.ExecuteAsync(string.Format(null, Entry, Bob), Cancel);
        await AssertRefusedAsync(PostgresErrorCodes.UniqueViolation, () => _database.ExecuteAsync(string.Format(null, Entry, Bob), Cancel));
    }

    [Fact]
    public async Task An_address_belongs_to_one_contact() =>
        await AssertRefusedAsync(PostgresErrorCodes.UniqueViolation, () =>
            _database.ExecuteAsync($"insert into contact_addresses (address, contact_id) values ('bob@example.org', '{Bob}')", Cancel));

    [Fact]
    public async Task A_contact_can_be_deleted_and_the_activities_of_the_accounts_stay()
    {
        await InsertActivityAsync(1, "amy", "mail", keys: ["mail"]);
        await _database.ExecuteAsync($"""
            insert into timeline_entries (id, contact_id, mail_key, occurred_at, direction) values (1, '{Bob}', sha256('mail'), now(), 'incoming');
            insert into activity_contacts (activity_id, contact_id, role, entry_id) values (1, '{Bob}', 'from', 1);
            delete from contacts;
            """, Cancel);
        Assert.Equal(0, await _database.QueryAsync<long>("select count(*) from timeline_entries, activity_contacts, contact_addresses", Cancel));
        Assert.Equal(1, await _database.QueryAsync<long>("select count(*) from activities", Cancel));
    }

    [Fact]
    public async Task Every_stable_text_fits_its_column()
    {
        foreach (var state in Enum.GetValues<AccountState>())
        {
            await _database.ExecuteAsync($"update accounts set state = '{state.ToText()}'", Cancel);
        }

        await InsertActivityAsync(1, "amy", "mail", keys: ["mail"]);
        foreach (var direction in Enum.GetValues<Direction>())
        {
            await _database.ExecuteAsync($"update activities set direction = '{direction.ToText()}'", Cancel);
        }

        foreach (var status in Enum.GetValues<SentStatus>())
        {
            await _database.ExecuteAsync($"update activities set status = '{status.ToText()}'", Cancel);
            await _database.ExecuteAsync($"insert into delivery_reports values (sha256('{status.ToText()}'), 'amy', '{status.ToText()}', null, now())", Cancel);
        }

        await _database.ExecuteAsync($"insert into timeline_entries (id, contact_id, mail_key, occurred_at, direction) values (1, '{Bob}', sha256('mail'), now(), 'incoming')", Cancel);
        foreach (var direction in Enum.GetValues<Direction>())
        {
            await _database.ExecuteAsync($"update timeline_entries set direction = '{direction.ToText()}'", Cancel);
        }

        foreach (var role in Enum.GetValues<ParticipantRole>())
        {
            await _database.ExecuteAsync($"insert into activity_contacts (activity_id, contact_id, role, entry_id) values (1, '{Bob}', '{role.ToText()}', 1)", Cancel);
        }

        await _database.ExecuteAsync("insert into deals (id, name) values (gen_random_uuid(), 'Deal'); insert into activity_routes (activity_id, deal_id, deal_reason) select 1, id, 'contact' from deals", Cancel);
        foreach (var reason in Enum.GetValues<DealReason>().Where(reason => reason != DealReason.Person))
        {
            await _database.ExecuteAsync($"update activity_routes set deal_reason = '{reason.ToText()}'", Cancel);
        }

        foreach (var policy in Enum.GetValues<ContactPolicy>())
        {
            await _database.ExecuteAsync($"update contact_settings set policy = '{policy.ToText()}'", Cancel);
        }

        foreach (var origin in Enum.GetValues<ContactOrigin>())
        {
            var told = origin == ContactOrigin.Entered ? "null" : "''";
            await _database.ExecuteAsync($"update contacts set origin = '{origin.ToText()}', origin_account_id = {told}, origin_source = {told}, origin_event_id = {told}, origin_name = {told}, origin_at = {(told == "null" ? told : "now()")}", Cancel);
        }

        foreach (var state in Enum.GetValues<OutboundState>())
        {
            await _database.ExecuteAsync($"insert into outbound_messages (account_id, idempotency_key, request_sha256, state) values ('amy', '{state.ToText()}', sha256(''), '{state.ToText()}')", Cancel);
        }
    }

    [Fact]
    public async Task Keys_go_to_the_database_as_arrays_without_a_copy()
    {
        await InsertActivityAsync(1, "amy", "mail", keys: ["mail"]);
        Assert.True(MessageKey.TryFromMessageId("<mail>", out var known));
        Assert.True(MessageKey.TryFromMessageId("<unknown>", out var unknown));
        await using var command = _database.DataSource.CreateCommand("select activity_id from message_keys where account_id = 'amy' and key = any ($1)");
        command.Parameters.Add(new() { Value = new[] { known.Bytes, unknown.Bytes } });
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task An_account_state_is_replaced_only_by_a_later_one()
    {
        const string Upsert = """
            insert into accounts (id, state, state_since, state_offset) values ('amy', '{0}', '{1}', {2})
            on conflict (id) do update set state = excluded.state, state_since = excluded.state_since, state_offset = excluded.state_offset
            where (accounts.state_since, accounts.state_offset) < (excluded.state_since, excluded.state_offset)
            """;
        foreach (var (state, since, offset) in new[]
        {
            ("connecting", "2026-01-01 10:00Z", 5), ("connected", "2026-01-01 10:02Z", 6), ("authentication-error", "2026-01-01 10:01Z", 7),
            ("connect-error", "2026-01-01 10:02Z", 6), ("syncing", "2026-01-01 10:02Z", 4),
        })
        {
            await _database.ExecuteAsync(string.Format(null, Upsert, state, since, offset), Cancel);
        }

        Assert.Equal("connected", await _database.QueryAsync<string>("select state from accounts where id = 'amy'", Cancel));
    }

    [Fact]
    public async Task The_database_takes_the_same_addresses_for_one_mailbox_as_the_services()
    {
        var random = new Random(20261127);
        string[] parts = ["ann", ".", "+", "@", "x", "@gmail.com", "@googlemail.com", "@customer.example", "\n", "é", "@gmail.com.example"];
        var addresses = Enumerable.Range(0, 2_000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => parts[random.Next(parts.Length)])))
            .Select(text => EmailAddress.TryParse(text, out var address) ? address : null)
            .OfType<EmailAddress>()
            .ToList();
        await using var command = _database.DataSource.CreateCommand(
            "select array_agg(coalesce(gmail_mailbox(address), '') || ' ' || address_mailbox(address) order by position) from unnest($1) with ordinality as given (address, position)");
        command.Parameters.Add(new() { Value = addresses.ConvertAll(address => address.Value) });

        var said = (string[])(await command.ExecuteScalarAsync(Cancel))!;

        Assert.Equal(addresses.Select(address => $"{address.Value}: {address.GmailMailbox} {address.Mailbox}"), addresses.Zip(said, (address, mailbox) => $"{address.Value}: {mailbox}"));
        Assert.Contains(said, mailbox => mailbox[0] != ' ');
    }

    private Task InsertActivityAsync(long id, string account, string mail, string[] keys) => _database.ExecuteAsync(
        $"begin; {ActivitySql(id, account, mail)}; {string.Concat(keys.Select(key => KeySql(key, account, id) + ";"))} commit", Cancel);

    private static string ActivitySql(long id, string account, string mail) => $"""
        insert into activities (id, account_id, mail_key, direction, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
        values ({id}, '{account}', sha256('{mail}'), 'incoming', now(), now(), 'emailengine', 'e-{id}', 'mail.events', 0, {id}, md5('{id}'))
        """;

    private static string KeySql(string key, string account, long activity) =>
        $"insert into message_keys (key, account_id, activity_id) values (sha256('{key}'), '{account}', {activity})";

    private static async Task AssertRefusedAsync(string sqlState, Func<Task> write) =>
        Assert.Equal(sqlState, (await Assert.ThrowsAsync<PostgresException>(write)).SqlState);
}
