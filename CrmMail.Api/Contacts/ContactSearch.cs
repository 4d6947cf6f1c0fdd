using CrmMail.Api.Pages;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>Contacts in the order of their names, or those of which the name or an address begins with a text.</summary>
internal sealed class ContactSearch(NpgsqlDataSource database)
{
    private const string ListName = "contacts";
    private const string SearchName = "contacts?q";

    internal const string ListPage = $"""
        select {Contact.Columns}, lower(name) collate "C" as key
        from contacts
        where (lower(name) collate "C", id) > (@after_key, @after_id)
          and not is_merged
        order by lower(name) collate "C", id
        limit @limit
        """;

    /// <summary>
    /// Two ranges of two indexes, merged. chr(1114111) is the last code point: what begins with a prefix lies between the prefix and the
    /// prefix followed by it. A contact that is found by several keys is shown at the first of them.
    /// </summary>
    /// <remarks>Each range has one lower bound, either the prefix or the last entry seen: of two, PostgreSQL may begin to read at the lower one.</remarks>
    internal const string SearchPage = $"""
        with found as (
            (
                select lower(name) collate "C" as key, id
                from contacts
                where (lower(name) collate "C", id) > (
                    greatest(lower(@name) collate "C", @after_key),
                    case when @after_key < lower(@name) collate "C" then uuid '00000000-0000-0000-0000-000000000000' else @after_id end)
                  and lower(name) collate "C" < lower(@name) || chr(1114111)
                  and not is_merged
                order by lower(name) collate "C", id
                limit @limit
            )
            union
            (
                select address, contact_id
                from contact_addresses
                where address >= greatest(@address collate "C", @after_key)
                  and address < @address || chr(1114111)
                  and (address > @after_key or contact_id > @after_id)
                order by address
                limit @limit
            )
            order by key, id
            limit @limit
        )
        select
            {Contact.Columns},
            found.key,
            not exists (
                select
                from contact_addresses
                where contact_id = found.id
                  and address >= @address
                  and address < least(found.key, @address || chr(1114111))
            )
            and not (
                lower(contacts.name) collate "C" >= lower(@name)
                and lower(contacts.name) collate "C" < least(found.key, lower(@name) || chr(1114111))
            ) as is_first
        from found
        join contacts on contacts.id = found.id
        order by found.key, found.id
        """;

    /// <summary>A page of all contacts.</summary>
    public async Task<Page<Contact>> ListAsync(PageQuery page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ListPage);
        AddPage(command, page, page.Position<Position>(ListName));
        var rows = new List<(Contact Contact, string Key)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((Contact.Read(reader), reader.GetString(Contact.ColumnCount)));
        }

        var keys = Page.Of(rows, page.Size, last => Cursor.Encode(ListName, new Position(last.Key, last.Contact.Id)));
        return new Page<Contact>([.. keys.Items.Select(row => row.Contact)], keys.Next);
    }

    /// <summary>A page of the contacts that the text finds. It may be shorter than asked for, for a contact found twice is shown once.</summary>
    public async Task<Page<Contact>> SearchAsync(string prefix, PageQuery page, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SearchPage);
        command.Parameters.Add(new("name", prefix));
        command.Parameters.Add(new("address", EmailAddress.Parse(prefix).Value));
        AddPage(command, page, page.Position<Position>(SearchName));
        var rows = new List<(Contact Contact, string Key, bool IsFirst)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((Contact.Read(reader), reader.GetString(Contact.ColumnCount), reader.GetBoolean(Contact.ColumnCount + 1)));
        }

        var found = Page.Of(rows, page.Size, last => Cursor.Encode(SearchName, new Position(last.Key, last.Contact.Id)));
        return new Page<Contact>([.. found.Items.Where(row => row.IsFirst).Select(row => row.Contact)], found.Next);
    }

    private static void AddPage(NpgsqlCommand command, PageQuery page, Position? after)
    {
        command.Parameters.Add(new("after_key", after?.Key ?? ""));
        command.Parameters.Add(new("after_id", after?.Id ?? Guid.Empty));
        command.Parameters.Add(new("limit", page.Size + 1));
    }

    private sealed record Position(string Key, Guid Id);
}
