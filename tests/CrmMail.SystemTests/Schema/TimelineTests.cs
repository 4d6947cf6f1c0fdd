using System.Text.Json;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.SystemTests.Schema;

/// <summary>What the pages of a timeline show.</summary>
public sealed class TimelineTests(RunningApplication system) : IAsyncLifetime
{
    private static readonly Guid Bob = Guid.CreateVersion7();
    private static readonly Guid Carol = Guid.CreateVersion7();

    private ScratchDatabase _database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await ScratchDatabase.CreateAsync(system, Cancel);
        await _database.MigrateAsync(Cancel);
        await _database.ExecuteAsync($"insert into accounts (id) values ('amy'), ('ben'); insert into contacts (id) values ('{Bob}'), ('{Carol}')", Cancel);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_mail_that_two_accounts_have_is_shown_once_with_both()
    {
        await WriteAsync(1, "amy", "incoming", "hello", minute: 1, (Bob, "from"));
        await WriteAsync(2, "ben", "incoming", "hello", minute: 1, (Bob, "from"), (Bob, "reply_to"));
        var mail = Assert.Single(await ContactPageAsync(Bob));
        Assert.Equal(["amy", "ben"], mail.Accounts);
        Assert.Equal(["from", "reply_to"], mail.Roles);
        Assert.Equal(1, mail.ActivityId);
    }

    [Fact]
    public async Task The_copy_of_the_sender_is_shown_before_that_of_a_colleague()
    {
        await WriteAsync(1, "ben", "incoming", "offer", minute: 1, (Bob, "to"));
        await WriteAsync(2, "amy", "sent", "offer", minute: 1, (Bob, "to"));
        Assert.Equal(2, Assert.Single(await ContactPageAsync(Bob)).ActivityId);
    }

    [Fact]
    public async Task A_contact_sees_the_mails_with_this_contact_and_no_others()
    {
        await WriteAsync(1, "amy", "sent", "both", minute: 1, (Bob, "to"), (Carol, "bcc"));
        await WriteAsync(2, "amy", "sent", "carol", minute: 2, (Carol, "to"));
        Assert.Equal([1L], (await ContactPageAsync(Bob)).Select(mail => mail.ActivityId));
        Assert.Equal([2L, 1L], (await ContactPageAsync(Carol)).Select(mail => mail.ActivityId));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task A_mail_that_one_account_sent_and_another_got_is_sent_whichever_came_first(int sent, int incoming)
    {
        var copies = new Dictionary<int, (string Account, string Direction)> { [sent] = ("amy", "sent"), [incoming] = ("ben", "incoming") };
        await WriteAsync(1, copies[1].Account, copies[1].Direction, "offer", minute: 1, (Bob, "cc"));
        await WriteAsync(2, copies[2].Account, copies[2].Direction, "offer", minute: 1, (Bob, "cc"));
        Assert.Equal(sent, Assert.Single(await ContactPageAsync(Bob, Direction.Sent)).ActivityId);
        Assert.Empty(await ContactPageAsync(Bob, Direction.Incoming));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Direction.Incoming)]
    [InlineData(Direction.Sent)]
    public async Task Pages_give_every_mail_once_newest_first_even_among_mails_of_the_same_instant(Direction? direction)
    {
        for (var id = 1; id <= 20; id++)
        {
            await WriteAsync(id, "amy", id % 3 == 0 ? "sent" : "incoming", $"mail {id}", minute: id / 4, (Bob, "from"));
        }

        var seen = new List<long>();
        var (occurredAt, entry) = (DateTime.MaxValue, long.MaxValue);
        while (await ContactPageAsync(Bob, direction, limit: 3, occurredAt, entry) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(mail => mail.ActivityId));
            (occurredAt, entry) = (page[^1].OccurredAt, page[^1].EntryId);
            // Newer mail comes in between: it moves nothing.
            await WriteAsync(100 + seen.Count, "amy", direction?.ToText() ?? "incoming", $"new {seen.Count}", minute: 1000, (Bob, "from"));
        }

        var wanted = Enumerable.Range(1, 20).Where(id => direction is null || direction == (id % 3 == 0 ? Direction.Sent : Direction.Incoming));
        Assert.Equal(wanted.Reverse().Select(id => (long)id), seen);
    }

    [Fact]
    public async Task The_timeline_of_an_account_has_its_own_activities_newest_first()
    {
        await WriteAsync(1, "amy", "sent", "a", minute: 1, (Bob, "to"));
        await WriteAsync(2, "amy", "incoming", "b", minute: 3);
        await WriteAsync(3, "ben", "incoming", "c", minute: 2, (Bob, "from"));
        Assert.Equal([2L, 1L], await AccountPageAsync("amy"));
        Assert.Equal([1L], await AccountPageAsync("amy", Direction.Sent));
        Assert.Equal([2L], await AccountPageAsync("amy", Direction.Incoming));
    }

    private async Task<List<Mail>> ContactPageAsync(
        Guid contact, Direction? direction = null, int limit = 10, DateTime? beforeOccurredAt = null, long beforeId = long.MaxValue)
    {
        await using var command = _database.DataSource.CreateCommand(direction is null ? TimelineSql.ContactPage : TimelineSql.ContactPageByDirection);
        command.Parameters.Add(new("contact_id", contact));
        AddKeyset(command, direction, limit, beforeOccurredAt ?? DateTime.MaxValue, beforeId);
        return await ReadAsync(command, row => new Mail(
            row.GetInt64(row.GetOrdinal("entry_id")),
            row.GetDateTime(row.GetOrdinal("occurred_at")),
            row.GetInt64(row.GetOrdinal("activity_id")),
            [.. row.GetFieldValue<JsonElement>(row.GetOrdinal("captures")).EnumerateArray().Select(capture => capture.GetProperty("account_id").GetString()!)],
            row.GetFieldValue<string[]>(row.GetOrdinal("roles"))));
    }

    private async Task<List<long>> AccountPageAsync(string account, Direction? direction = null)
    {
        await using var command = _database.DataSource.CreateCommand(direction is null ? TimelineSql.AccountPage : TimelineSql.AccountPageByDirection);
        command.Parameters.Add(new("account_id", account));
        AddKeyset(command, direction, limit: 10, DateTime.MaxValue, long.MaxValue);
        return await ReadAsync(command, row => row.GetInt64(row.GetOrdinal("activity_id")));
    }

    private static void AddKeyset(NpgsqlCommand command, Direction? direction, int limit, DateTime beforeOccurredAt, long beforeId)
    {
        if (direction is { } wanted)
        {
            command.Parameters.Add(new("direction", wanted.ToText()));
        }

        command.Parameters.Add(new("before_occurred_at", DateTime.SpecifyKind(beforeOccurredAt, DateTimeKind.Utc)));
        command.Parameters.Add(new("before_id", beforeId));
        command.Parameters.Add(new("limit", limit));
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read)
    {
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(Cancel))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private async Task WriteAsync(long id, string account, string direction, string mail, int minute, params (Guid Contact, string Role)[] contacts)
    {
        await _database.ExecuteAsync($"""
            insert into activities (id, account_id, mail_key, direction, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id)
            values ({id}, '{account}', sha256('{mail}'), '{direction}', timestamptz '2026-01-01Z' + {minute} * interval '1 minute', now(),
                'emailengine', 'e-{id}', 'mail.events', 0, {id}, md5('{id}'))
            """, Cancel);
        foreach (var (contact, role) in contacts)
        {
            await _database.ExecuteAsync($"""
                insert into timeline_entries (contact_id, mail_key, occurred_at, direction)
                select '{contact}', mail_key, occurred_at, direction from activities where id = {id}
                on conflict (contact_id, mail_key) do update set direction = greatest(timeline_entries.direction, excluded.direction);

                insert into activity_contacts (activity_id, contact_id, role, entry_id)
                select {id}, contact_id, '{role}', id from timeline_entries where contact_id = '{contact}' and mail_key = sha256('{mail}');
                """, Cancel);
        }
    }

    private sealed record Mail(long EntryId, DateTime OccurredAt, long ActivityId, string[] Accounts, string[] Roles);
}
