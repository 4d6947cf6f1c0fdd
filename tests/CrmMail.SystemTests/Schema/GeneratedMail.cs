using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Schema;

/// <summary>
/// Mail for measurements, one a minute, in 20 accounts with many contacts. Some have pages at any size: of every twenty mails
/// two are with the busy contact, one with the silent one, two are copies of one mail with the shared one; the others are spread over all.
/// </summary>
/// <param name="database">Where to: an empty one with the schema.</param>
/// <param name="contacts">Over how many contacts mails are spread, of which there have to be so many before.</param>
internal sealed class GeneratedMail(NpgsqlDataSource database, int contacts = 20_000)
{
    private static readonly int HiddenTags = default(MailTags).With(MailTag.Bulk).Bits;

    /// <summary>A third of these mails was sent.</summary>
    public static Guid BusyContact { get; } = Contact(0);

    /// <summary>Thirty mails were sent, before all the incoming ones, which are newsletters, and hidden.</summary>
    public static Guid SilentContact { get; } = Contact(1);

    /// <summary>Always writes to two accounts at once.</summary>
    public static Guid SharedContact { get; } = Contact(2);

    /// <summary>A third of its mails was sent.</summary>
    public static string BusyAccount => "account-0";

    /// <summary>The one that the silent contact writes to.</summary>
    public static string SilentAccount => "account-1";

    public static DateTime Minute(int minute) => new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(minute);

    public int Contacts => contacts;

    public Task PrepareAsync(CancellationToken cancellationToken) => ExecuteAsync("""
        -- Without a log: it is not what is measured, and takes most of the time. Tables that refer to others go first.
        alter table attachment_links set unlogged;
        alter table body_keys set unlogged;
        alter table activity_bodies set unlogged;
        alter table contact_merge_links set unlogged;
        alter table activity_contacts set unlogged;
        alter table activity_routes set unlogged;
        alter table message_keys set unlogged;
        alter table timeline_entries set unlogged;
        alter table activities set unlogged;

        insert into accounts (id) select 'account-' || n from generate_series(0, 19) as n;
        """, cancellationToken);

    /// <summary>Adds the contacts of these numbers.</summary>
    public Task AddContactsAsync(int from, int to, CancellationToken cancellationToken) => ExecuteAsync($"""
        insert into contacts (id, name)
        select {ContactSql("n")}, 'Contact ' || n
        from generate_series({from}, {to}) as n;

        insert into contact_addresses (address, contact_id)
        select 'contact-' || n || '@example.org', {ContactSql("n")}
        from generate_series({from}, {to}) as n;
        """, cancellationToken);

    /// <summary>Adds the mails of these numbers: whole twenties, or a shared mail loses its copy.</summary>
    public Task AddMailsAsync(int from, int to, CancellationToken cancellationToken) => ExecuteAsync($"""
        -- Nor are foreign keys.
        set session_replication_role = replica;

        insert into activities (id, account_id, mail_key, direction, subject, snippet, participants, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
        select n, 'account-' || n % 20, sha256((case when n % 20 = 3 then n - 1 else n end)::text::bytea),
            case when n % 20 in (2, 3) or (n % 20 = 1 and n > 600) or (n % 20 <> 1 and n % 3 > 0) then 'incoming' else 'sent' end,
            'Subject ' || n, repeat('snippet ', 20), '[]', timestamptz '2000-01-01Z' + n * interval '1 minute', now(),
            'emailengine', 'e-' || n, 'mail.events', 0, n, md5(n::text)
        from generate_series({from}, {to}) as n;

        insert into message_keys (key, account_id, activity_id)
        select mail_key, account_id, id from activities where id between {from} and {to};

        insert into timeline_entries (id, contact_id, mail_key, occurred_at, direction, tags)
        select id, {ContactSql("case id % 20 when 0 then 0 when 10 then 0 when 1 then 1 when 2 then 2 else 3 + id * 7919 % " + (contacts - 3) + " end")}, mail_key, occurred_at, direction,
            case when id % 20 = 1 and id > 600 then {HiddenTags} else 0 end
        from activities where id between {from} and {to} and id % 20 <> 3;

        insert into activity_contacts (activity_id, contact_id, role, entry_id)
        select id, contact_id, 'from', id from timeline_entries where id between {from} and {to}
        union all
        select id + 1, contact_id, 'from', id from timeline_entries where id between {from} and {to} and id % 20 = 2;

        reset session_replication_role;
        """, cancellationToken);

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Guid Contact(int number) => Guid.Parse($"00000000-0000-7000-8000-{number:x12}");

    private static string ContactSql(string number) => $"('00000000-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid";
}
