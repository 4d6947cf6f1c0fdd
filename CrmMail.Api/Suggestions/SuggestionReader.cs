using CrmMail.Api.Pages;
using CrmMail.Api.Unmatched;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Suggestions;

/// <summary>Whose the addresses of nobody may be. Worked out when it is asked for, so it follows contacts and mails at once.</summary>
internal sealed class SuggestionReader(NpgsqlDataSource database)
{
    private const string ListName = "suggestions";

    // An address with more names than this is that of many people: of a desk, or of a service that writes for others.
    private const int MostNames = 20;

    // A page looks at so many addresses, each of them a few probes of indexes.
    private const int MostLookedAt = 2000;

    private const string Names = "select address, array_agg(name_key) as name_keys from address_names";

    private const string OfOnePerson = "group by address having count(*) <= @most_names";

    private const string Named = $"{Names} where address >= @address {OfOnePerson} order by address";

    private const string NamedAsContact = $"""
        {Names}
        where address in (
            select address
            from address_names
            where name_key = (select person_name_key(name) from contacts where id = @contact)
              and address >= @address)
        {OfOnePerson}
        order by address
        """;

    private const string NamedInMail = $"{Names} where address = any (@addresses) {OfOnePerson}";

    // Whoever belongs to a contact, or to an account that was connected since, is passed over.
    private const string Select = $"""
        select
            looked.address,
            namesake.id,
            namesake.name,
            namesake.address,
            seen.first_at,
            seen.last_at,
            seen.incoming,
            seen.sent
        from looked
        cross join lateral (
            select contacts.id, contacts.name, known.address
            from contacts
            cross join lateral (
                select address
                from contact_addresses
                where contact_id = contacts.id
                  and mail_domain(address) = mail_domain(looked.address)
                order by position, address
                limit 1
            ) as known
            where person_name_key(contacts.name) = any (looked.name_keys)
              and not contacts.is_merged
              and not exists (
                select
                from dismissed_suggestions as dismissed
                where dismissed.contact_id = contacts.id
                  and dismissed.address = looked.address)
        ) as namesake
        cross join lateral (
            {UnmatchedSql.Seen}
              and mailbox = address_mailbox(looked.address)
              and address = looked.address
        ) as seen
        where (looked.address, namesake.id) > (@address, @after)
          and (@contact is null or namesake.id = @contact)
          and seen.first_at is not null
          and not exists (select from contact_addresses where contact_addresses.address = looked.address)
          and not exists (select from account_addresses where account_addresses.address = looked.address)
        order by looked.address, namesake.id
        limit @limit
        """;

    private const string List = $"with looked as materialized ({Named} limit @most_looked_at) {Select}";

    private const string ListOfContact = $"with looked as materialized ({NamedAsContact} limit @most_looked_at) {Select}";

    private const string ListOfMail = $"with looked as materialized ({NamedInMail}) {Select}";

    // The last address that was looked at, where there may be more behind it.
    private const string Last = $"select address from ({Named} offset @most_looked_at - 1 limit 1) as last";

    private const string LastOfContact = $"select address from ({NamedAsContact} offset @most_looked_at - 1 limit 1) as last";

    /// <summary>A page of the suggestions: all of them, or those of a contact.</summary>
    public async Task<Page<Suggestion>> ListAsync(Guid? contact, PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.Position<SuggestionPosition>(ListName) ?? SuggestionPosition.Start;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(contact is null ? List : ListOfContact, contact, after, page.Size + 1));
        batch.BatchCommands.Add(Command(contact is null ? Last : LastOfContact, contact, after, page.Size + 1));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = await ReadAsync(row, cancellationToken);
        var shown = Page.Of(rows, page.Size, last => Cursor.Encode(ListName, last.Position));
        var suggestions = shown.Items.Select(item => item.Suggestion).ToList();
        if (shown.Next is not null)
        {
            return new Page<Suggestion>(suggestions, shown.Next);
        }

        await row.NextResultAsync(cancellationToken);
        return new Page<Suggestion>(suggestions, await row.ReadAsync(cancellationToken)
            ? Cursor.Encode(ListName, new SuggestionPosition(row.GetString(0), SuggestionPosition.LastContact))
            : null);
    }

    /// <summary>The suggestions for these addresses.</summary>
    public async Task<IReadOnlyList<Suggestion>> FindAsync(IReadOnlyCollection<EmailAddress> addresses, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, addresses, cancellationToken);
    }

    /// <inheritdoc cref="FindAsync(IReadOnlyCollection{EmailAddress}, CancellationToken)"/>
    public static async Task<IReadOnlyList<Suggestion>> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<EmailAddress> addresses, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Command(ListOfMail, null, SuggestionPosition.Start, PageQuery.MaxLimit) } };
        batch.BatchCommands[0].Parameters.Add(new("addresses", addresses.Select(address => address.Value).ToArray()));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        return (await ReadAsync(row, cancellationToken)).ConvertAll(read => read.Suggestion);
    }

    private static NpgsqlBatchCommand Command(string sql, Guid? contact, SuggestionPosition after, int limit) => new(sql)
    {
        Parameters =
        {
            new("address", after.Address),
            new("after", after.ContactId),
            new("contact", NpgsqlDbType.Uuid) { Value = (object?)contact ?? DBNull.Value },
            new("most_names", MostNames),
            new("most_looked_at", MostLookedAt),
            new("limit", limit),
        },
    };

    private static async Task<List<(Suggestion Suggestion, SuggestionPosition Position)>> ReadAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        var rows = new List<(Suggestion, SuggestionPosition)>();
        while (await row.ReadAsync(cancellationToken))
        {
            var suggestion = new Suggestion(
                row.GetString(0),
                row.GetGuid(1),
                row.GetString(2),
                row.GetString(3),
                row.GetFieldValue<DateTimeOffset>(4),
                row.GetFieldValue<DateTimeOffset>(5),
                row.GetInt64(6),
                row.GetInt64(7));
            rows.Add((suggestion, new SuggestionPosition(suggestion.Address, suggestion.ContactId)));
        }

        return rows;
    }

    private sealed record SuggestionPosition(string Address, Guid ContactId)
    {
        public static readonly Guid LastContact = Guid.AllBitsSet;

        public static readonly SuggestionPosition Start = new("", Guid.Empty);
    }
}
