using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace CrmMail.SystemTests.Processor;

/// <summary>A mailbox of a test: sends webhooks about itself as EmailEngine does, and looks at what became of them.</summary>
internal sealed class Mailbox : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly HttpClient _ingest;
    private readonly byte[] _secret;
    private readonly NpgsqlDataSource _database;

    private Mailbox(HttpClient ingest, byte[] secret, NpgsqlDataSource database, string account) =>
        (_ingest, _secret, _database, Account) = (ingest, secret, database, account);

    public string Account { get; }

    public static async Task<Mailbox> OpenAsync(RunningApplication system, string? account = null)
    {
        var connectionString = await system.Application.GetConnectionStringAsync("crm", TestContext.Current.CancellationToken);
        return new Mailbox(
            system.Application.CreateHttpClient("ingest", "http"),
            Encoding.UTF8.GetBytes(system.WebhookSecret),
            NpgsqlDataSource.Create(connectionString!),
            account ?? $"account-{Guid.NewGuid():N}");
    }

    public async Task AddContactAsync(string name, string address) =>
        await ExecuteAsync(
            """
            with contact as (insert into contacts (id, name) values (gen_random_uuid(), $1) returning id)
            insert into contact_addresses (address, contact_id) select $2, id from contact on conflict do nothing
            """,
            name,
            address);

    /// <summary>A messageNew as EmailEngine sends it.</summary>
    public string MailFrom(string address, string messageId, string subject = "Hello") =>
        $$$"""
        {"account":"{{{Account}}}","date":"2026-11-21T21:00:18.669Z","path":"INBOX","specialUse":"\\Inbox","event":"messageNew","data":{"id":"{{{Guid.NewGuid():N}}}","path":"INBOX","date":"2026-11-21T21:00:14.000Z","subject":"{{{subject}}}","from":{"name":"","address":"{{{address}}}"},"to":[{"name":"","address":"{{{Account}}}@example.com"}],"messageId":"<{{{messageId}}}>","messageSpecialUse":"\\Inbox"}}
        """;

    /// <summary>Another event as EmailEngine sends it; the members are those of <c>data</c>, as JSON.</summary>
    public string Event(string name, string members, string date = "2026-11-21T21:00:18.669Z") =>
        $$$"""{"account":"{{{Account}}}","date":"{{{date}}}","event":"{{{name}}}","data":{ {{{members}}} } }""";

    /// <summary>A messageNew about a mail in the Sent folder.</summary>
    public string MailTo(IEnumerable<string> addresses, string messageId, string subject = "Hello") =>
        $$$"""
        {"account":"{{{Account}}}","date":"2026-11-21T21:00:18.669Z","path":"Sent","specialUse":"\\Sent","event":"messageNew","data":{"id":"{{{Guid.NewGuid():N}}}","path":"Sent","date":"2026-11-21T21:00:14.000Z","subject":"{{{subject}}}","from":{"name":"","address":"{{{Account}}}@example.com"},"to":[{{{string.Join(',', addresses.Select(address => $$"""{"name":"","address":"{{address}}"}"""))}}}],"messageId":"<{{{messageId}}}>","messageSpecialUse":"\\Sent"}}
        """;

    public async Task SendAsync(string body, string? eventId = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/emailengine") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-EE-Wh-Event-Id", eventId ?? Guid.NewGuid().ToString());
        request.Headers.Add("X-EE-Wh-Signature", Base64Url.EncodeToString(HMACSHA256.HashData(_secret, bytes)));
        using var answer = await _ingest.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    public Task<long> CountActivitiesAsync() => CountAsync("select count(*) from activities where account_id = $1");

    /// <summary>Waits until so many events of the mailbox have ended as activity or skip.</summary>
    public async Task WaitForOutcomesAsync(int events)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var often = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var seen = 0L;
        while ((seen = await CountOutcomesAsync()) < events)
        {
            try
            {
                await often.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{seen} of {events} events of {Account} have ended; {await TextAsync("select string_agg(event || ' ' || reason, ', ') from skipped_events where account_id = $1")}");
            }
        }

        Assert.Equal(events, seen);
    }

    /// <summary>
    /// All that is known of the mailbox, but for what the first event of a mail decides: the trace (source, event_id, topic, partition,
    /// offset, correlation_id, received_at), written_at, and the ids.
    /// </summary>
    public Task<string> SnapshotAsync() => TextAsync(
        """
        select string_agg(line, chr(10) order by line)
        from (
            select concat_ws(
                ' | ', encode(mail_key, 'hex'), direction, occurred_at, subject, snippet, folder_path, status, is_complete, participants,
                (select string_agg(concat_ws(' ', contacts.name, role, entry.direction, entry.occurred_at), ', ' order by contacts.name, role)
                 from activity_contacts
                 join contacts on contacts.id = contact_id
                 join timeline_entries as entry on entry.id = entry_id
                 where activity_id = activities.id)) as line
            from activities
            where account_id = $1
            union all
            select concat_ws(' | ', 'state', state, last_error) from accounts where id = $1
        ) as lines
        """);

    /// <summary>What is left of a removed account: its state, whatever names a person, addresses, keys of mails in skips.</summary>
    public Task<string> ReadTombstoneAsync() => TextAsync(
        """
        select concat_ws(
            ' | ',
            state,
            concat(name, address, last_error),
            (select count(*) from account_addresses where account_id = accounts.id),
            (select sum(cardinality(mail_keys)) from skipped_events where account_id = accounts.id))
        from accounts
        where id = $1
        """);

    public async ValueTask DisposeAsync()
    {
        _ingest.Dispose();
        await _database.DisposeAsync();
    }

    /// <summary>The text that a query about the account <c>$1</c> gives; empty for null.</summary>
    public async Task<string> TextAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = Account });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string ?? "";
    }

    private Task<long> CountOutcomesAsync() => CountAsync(
        """
        select count(*)
        from (
            select event_id from activities where account_id = $1
            union
            select event_id from skipped_events where account_id = $1
        ) as outcomes
        """);

    private async Task<long> CountAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = Account });
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task ExecuteAsync(string sql, params string[] values)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
