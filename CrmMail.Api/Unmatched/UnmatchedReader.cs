using CrmMail.Api.Pages;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Unmatched;

/// <summary>What the ledger knows of addresses that belong to nobody.</summary>
internal sealed class UnmatchedReader(NpgsqlDataSource database)
{
    private const string AddressList = "unmatched";
    private const string EventList = "unmatched-events";

    // From address to address by one probe each. Whoever belongs to a contact, or to an account that was connected since, is passed over.
    // chr(1114111) is the last code point: what begins with a prefix lies between the prefix and the prefix followed by it.
    private const string Addresses = $"""
        with recursive named as (
            (
                select mailbox, address
                from address_ledger
                where (mailbox, address) > (@after_mailbox, @after_address)
                order by mailbox, address
                limit 1
            )
            union all
            select next.mailbox, next.address
            from named
            cross join lateral (
                select mailbox, address
                from address_ledger
                where (mailbox, address) > (named.mailbox, named.address)
                order by mailbox, address
                limit 1
            ) as next
            where named.mailbox < @prefix || chr(1114111)
        )
        select named.mailbox, named.address, seen.first_at, seen.last_at, seen.incoming, seen.sent
        from named
        cross join lateral (
            {UnmatchedSql.Seen}
              and mailbox = named.mailbox
              and address = named.address
        ) as seen
        where named.mailbox < @prefix || chr(1114111)
          and seen.first_at is not null
          and not exists (select from account_addresses where account_addresses.address = named.address)
        limit @limit
        """;

    private const string Events = """
        select event_id, account_id, source, role, direction, occurred_at, partition, "offset"
        from address_ledger
        where mailbox = address_mailbox(@address)
          and address = @address
          and contact_id is null
          and (occurred_at, account_id, event_id, role) < (@before_at, @before_account, @before_event, @before_role)
        order by occurred_at desc, account_id desc, event_id desc, role desc
        limit @limit
        """;

    /// <summary>A page of the addresses, of those whose mailbox begins with the text.</summary>
    public async Task<Page<UnmatchedAddress>> ListAsync(string prefix, PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.Position<AddressPosition>(AddressList);
        await using var command = database.CreateCommand(Addresses);
        command.Parameters.Add(new("prefix", prefix));
        command.Parameters.Add(new("after_mailbox", after?.Mailbox ?? prefix));
        command.Parameters.Add(new("after_address", after?.Address ?? ""));
        command.Parameters.Add(new("limit", page.Size + 1));
        var rows = new List<(UnmatchedAddress Item, string Mailbox)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add((
                new UnmatchedAddress(row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), row.GetInt64(4), row.GetInt64(5)),
                row.GetString(0)));
        }

        var shown = Page.Of(rows, page.Size, last => Cursor.Encode(AddressList, new AddressPosition(last.Mailbox, last.Item.Address)));
        return new Page<UnmatchedAddress>([.. shown.Items.Select(item => item.Item)], shown.Next);
    }

    /// <summary>A page of the events that name the address, the latest mail first.</summary>
    public async Task<Page<UnmatchedEvent>> EventsAsync(EmailAddress address, PageQuery page, CancellationToken cancellationToken)
    {
        var before = page.Position<EventPosition>(EventList);
        await using var command = database.CreateCommand(Events);
        command.Parameters.Add(new("address", address.Value));
        command.Parameters.Add(new("before_at", before?.OccurredAt.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)));
        command.Parameters.Add(new("before_account", before?.AccountId ?? ""));
        command.Parameters.Add(new("before_event", before?.EventId ?? ""));
        command.Parameters.Add(new("before_role", before?.Role ?? ""));
        command.Parameters.Add(new("limit", page.Size + 1));
        var rows = new List<UnmatchedEvent>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(new UnmatchedEvent(
                row.GetString(0),
                row.GetString(1),
                StableText.Parse<MailSource>(row.GetString(2)),
                StableText.Parse<ParticipantRole>(row.GetString(3)),
                StableText.Parse<Direction>(row.GetString(4)),
                row.GetFieldValue<DateTimeOffset>(5),
                row.GetInt32(6),
                row.GetInt64(7)));
        }

        return Page.Of(rows, page.Size, last => Cursor.Encode(EventList, new EventPosition(last.OccurredAt, last.AccountId, last.EventId, last.Role.ToText())));
    }

    private sealed record AddressPosition(string Mailbox, string Address);

    private sealed record EventPosition(DateTimeOffset OccurredAt, string AccountId, string EventId, string Role);
}
