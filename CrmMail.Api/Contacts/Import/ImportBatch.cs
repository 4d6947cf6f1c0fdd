using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Contacts;

/// <summary>
/// Writes some lines of an import in one transaction. A line finds its contact by any of its addresses: the name and the company that it
/// gives replace those of the contact, and its addresses are added. So the same import again changes nothing. Nobody who was erased comes back by it.
/// </summary>
internal sealed class ImportBatch(NpgsqlConnection connection, Tombstones tombstones)
{
    private const string Known = $"""
        select contacts.id, contacts.name, contacts.company_id, array(select address from contact_addresses where contact_id = contacts.id order by position)
        from contacts
        where id in (select contact_id from ({ContactSql.Match}) as matched)
        order by id
        for update
        """;

    private const string Insert = """
        insert into contacts (id, name, company_id)
        select * from unnest($1, $2, $3)
        """;

    private const string Update = """
        update contacts
        set name = told.name, company_id = told.company_id, updated_at = now()
        from unnest($1, $2, $3) as told (id, name, company_id)
        where contacts.id = told.id
        """;

    private const string InsertAddresses = """
        insert into contact_addresses (address, contact_id, position)
        select * from unnest($1, $2, $3)
        """;

    private readonly Dictionary<string, ImportedContact> _byAddress = new(StringComparer.Ordinal);
    private readonly List<ImportedContact> _contacts = [];
    private HashSet<string> _erased = [];

    /// <summary>Writes the lines; the answers are final when it returns.</summary>
    public async Task<List<ImportResult>> WriteAsync(IReadOnlyList<ImportLine> lines, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ContactLock.TakeAsync(connection, cancellationToken);
        var drafts = lines.Select(line => line.Draft).OfType<ContactDraft>().ToList();
        var rules = await ContactRules.ReadAsync(connection, drafts, cancellationToken);
        await ReadKnownAsync(drafts, cancellationToken);
        _erased = await tombstones.FindAsync(connection, [.. drafts.SelectMany(draft => draft.Addresses).Select(address => address.Value).Distinct(StringComparer.Ordinal)], cancellationToken);
        var results = lines.Select(line => Apply(line, rules)).ToList();
        await WriteContactsAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return results;
    }

    private async Task ReadKnownAsync(List<ContactDraft> drafts, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Known, connection)
        {
            Parameters = { new() { Value = drafts.SelectMany(draft => draft.Addresses).Select(address => address.Value).ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var contact = ImportedContact.Stored(reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetGuid(2));
            _contacts.Add(contact);
            foreach (var address in reader.GetFieldValue<string[]>(3))
            {
                contact.AddStored(address);
                _byAddress[address] = contact;
            }
        }
    }

    private ImportResult Apply(ImportLine line, ContactRules rules)
    {
        if (line.Draft is not { } draft)
        {
            return new ImportResult(line.Number, ImportStatus.Failed, Errors: line.Faults!.ToErrors());
        }

        var faults = new FieldFaults();
        rules.Check(draft, faults);
        foreach (var address in draft.Addresses)
        {
            faults.AddIf(_erased.Contains(address.Value), address.Field, "Somebody with this address was erased, and no import brings anybody back. POST /api/contacts does, if that is meant.");
        }

        var contact = FindOwner(draft, faults);
        if (faults.Any)
        {
            return new ImportResult(line.Number, ImportStatus.Failed, Errors: faults.ToErrors());
        }

        var status = contact is null ? ImportStatus.Created : contact.IsChangedBy(draft) ? ImportStatus.Updated : ImportStatus.Unchanged;
        contact ??= Create();
        contact.Apply(draft);
        foreach (var address in draft.Addresses)
        {
            _byAddress[address.Value] = contact;
        }

        return new ImportResult(line.Number, status, contact.Id);
    }

    private ImportedContact? FindOwner(ContactDraft draft, FieldFaults faults)
    {
        ImportedContact? owner = null;
        foreach (var address in draft.Addresses)
        {
            var known = _byAddress.GetValueOrDefault(address.Value);
            owner ??= known;
            faults.AddIf(known is not null && known != owner, address.Field, $"The contact {known?.Id} has this address, and the contact {owner?.Id} has another one of the line.");
        }

        faults.AddIf(owner?.HasRoomFor(draft) == false, "addresses", $"The contact would have more than {ContactDraft.MaxAddresses} addresses.");
        return owner;
    }

    private ImportedContact Create()
    {
        var contact = ImportedContact.New();
        _contacts.Add(contact);
        return contact;
    }

    private async Task WriteContactsAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddContacts(batch, Insert, _contacts.FindAll(contact => contact.IsNew));
        AddContacts(batch, Update, _contacts.FindAll(contact => contact is { IsNew: false, IsChanged: true }));
        AddAddresses(batch);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static void AddContacts(NpgsqlBatch batch, string sql, List<ImportedContact> contacts)
    {
        if (contacts.Count > 0)
        {
            batch.BatchCommands.Add(new(sql)
            {
                Parameters =
                {
                    new() { Value = contacts.ConvertAll(contact => contact.Id) },
                    new() { Value = contacts.ConvertAll(contact => contact.Name) },
                    new() { Value = contacts.ConvertAll(contact => contact.CompanyId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                },
            });
        }
    }

    private void AddAddresses(NpgsqlBatch batch)
    {
        var added = _contacts.SelectMany(contact => contact.NewAddresses, (contact, address) => (contact.Id, address.Value, address.Position)).ToList();
        if (added.Count > 0)
        {
            batch.BatchCommands.Add(new(InsertAddresses)
            {
                Parameters =
                {
                    new() { Value = added.ConvertAll(address => address.Value) },
                    new() { Value = added.ConvertAll(address => address.Id) },
                    new() { Value = added.ConvertAll(address => address.Position) },
                },
            });
        }
    }
}
