using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Contacts;

/// <summary>Single contacts: make, read, replace.</summary>
internal sealed class ContactStore(NpgsqlDataSource database, Tombstones tombstones)
{
    private const string Find = $"select {Contact.Columns} from contacts where id = $1 and not is_merged";

    private const string Insert = "insert into contacts (id, name, company_id) values ($1, $2, $3)";

    private const string Update = "update contacts set name = $2, company_id = $3, updated_at = now() where id = $1 and not is_merged";

    private const string RemoveAddresses = "delete from contact_addresses where contact_id = $1 and address <> all ($2)";

    // In the order of the addresses, so that two writers cannot wait for each other. Returns those that are the contact's now.
    private const string PutAddresses = """
        insert into contact_addresses (address, contact_id, position)
        select address, $1, position - 1
        from unnest($2) with ordinality as wanted (address, position)
        order by address
        on conflict (address) do update
        set position = excluded.position
        where contact_addresses.contact_id = excluded.contact_id
        returning address
        """;

    private const string Owners = "select address, contact_id from contact_addresses where address = any ($1)";

    private const string Touch = "update contacts set updated_at = now() where id = $1 and not is_merged";

    // Behind the others. Nothing is changed where the contact has it already, and nothing returned where somebody else does.
    private const string AddAddress = """
        insert into contact_addresses (address, contact_id, position)
        select $2, $1, coalesce(max(position), -1) + 1
        from contact_addresses
        where contact_id = $1
        on conflict (address) do update
        set position = contact_addresses.position
        where contact_addresses.contact_id = excluded.contact_id
        """;

    /// <summary>The contact; null when there is none.</summary>
    public async Task<Contact?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Contact.Read(reader) : null;
    }

    /// <summary>Makes a contact.</summary>
    /// <exception cref="ProblemException">The contact does not fit what is stored.</exception>
    public async Task<Contact> CreateAsync(ContactDraft draft, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        return (await WriteAsync(id, draft, Insert, cancellationToken))!;
    }

    /// <summary>Makes the contact what the draft says; null when there is none.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public Task<Contact?> ReplaceAsync(Guid id, ContactDraft draft, CancellationToken cancellationToken) => WriteAsync(id, draft, Update, cancellationToken);

    /// <summary>Gives the contact one more address, as its last; null when there is no such contact. Nothing changes where it has the address.</summary>
    /// <param name="id">The contact.</param>
    /// <param name="address">The address.</param>
    /// <param name="checkAsync">Throws if it shall not have the address; in the transaction in which it is given.</param>
    /// <param name="cancellationToken">Ends the statements.</param>
    /// <exception cref="ProblemException">The contact cannot have the address.</exception>
    public async Task<Contact?> AddAddressAsync(Guid id, EmailAddress address, Func<NpgsqlConnection, Task> checkAsync, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ContactLock.ShareAsync(connection, cancellationToken);
        if (await ExecuteAsync(connection, Touch, cancellationToken, id) == 0)
        {
            return null;
        }

        var contact = await ReadAsync(connection, id, cancellationToken);
        if (contact.Addresses.Contains(address.Value))
        {
            return contact;
        }

        await checkAsync(connection);
        if (contact.Addresses.Count >= ContactDraft.MaxAddresses)
        {
            throw new ProblemException(ContactDraft.TooManyAddresses());
        }

        if (await ExecuteAsync(connection, AddAddress, cancellationToken, id, address.Value) == 0)
        {
            throw new ProblemException(await AddressTakenAsync(connection, id, [new ContactAddress(address.Value, "address")], cancellationToken));
        }

        var given = await ReadAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return given;
    }

    private async Task<Contact?> WriteAsync(Guid id, ContactDraft draft, string write, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ContactLock.ShareAsync(connection, cancellationToken);
        await ThrowIfAgainstRulesAsync(connection, draft, cancellationToken);
        if (await WriteContactAsync(connection, id, draft, write, cancellationToken) == 0)
        {
            return null;
        }

        await WriteAddressesAsync(connection, id, draft, cancellationToken);
        await tombstones.LiftAsync(connection, draft.Addresses.Select(address => address.Value), cancellationToken);
        var written = await ReadAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    private static async Task ThrowIfAgainstRulesAsync(NpgsqlConnection connection, ContactDraft draft, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        (await ContactRules.ReadAsync(connection, [draft], cancellationToken)).Check(draft, faults);
        if (faults.Any)
        {
            throw new ProblemException(Problem.Invalid(faults));
        }
    }

    private static async Task<int> WriteContactAsync(NpgsqlConnection connection, Guid id, ContactDraft draft, string write, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(write, connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = draft.Name },
                new() { Value = (object?)draft.CompanyId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WriteAddressesAsync(NpgsqlConnection connection, Guid id, ContactDraft draft, CancellationToken cancellationToken)
    {
        var values = draft.Addresses.Select(address => address.Value).ToArray();
        if (!await OwnedValues.TryReplaceAsync(connection, RemoveAddresses, PutAddresses, id, values, cancellationToken))
        {
            throw new ProblemException(await AddressTakenAsync(connection, id, draft.Addresses, cancellationToken));
        }
    }

    private static async Task<Problem> AddressTakenAsync(
        NpgsqlConnection connection, Guid id, IReadOnlyList<ContactAddress> addresses, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Owners, connection)
        {
            Parameters = { new() { Value = addresses.Select(address => address.Value).ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var owners = new Dictionary<string, Guid>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            owners[reader.GetString(0)] = reader.GetGuid(1);
        }

        return Conflicts(addresses, owners.Where(owner => owner.Value != id).ToDictionary(StringComparer.Ordinal));
    }

    private static Problem Conflicts(IReadOnlyList<ContactAddress> addresses, Dictionary<string, Guid> owners)
    {
        var taken = addresses.Where(address => owners.ContainsKey(address.Value)).ToList();
        var faults = new FieldFaults();
        foreach (var address in taken)
        {
            faults.Add(address.Field, $"The contact {owners[address.Value]} has this address.");
        }

        return new Problem(ProblemKind.AddressTaken, "An address belongs to one contact: change that one, or leave the address out.", faults)
        {
            Members = new Dictionary<string, object?>
            {
                ["conflicts"] = taken.Select(address => new AddressConflict(address.Field, owners[address.Value])).ToArray(),
            },
        };
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Contact> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Contact.Read(reader);
    }

    /// <summary>A field of the request whose address another contact has.</summary>
    private sealed record AddressConflict(string Field, Guid ContactId);
}
