using CrmMail.Api.Problems;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>What the database has against contacts: addresses of our own accounts, and companies that do not exist.</summary>
internal sealed class ContactRules
{
    // Cheaper than a plain join for any size of the table: see ContactSql.Match. The companies stay until the transaction ends.
    private const string OwnAddresses = """
        select wanted.address
        from unnest($1) as wanted (address)
        cross join lateral (select from account_addresses where address = wanted.address limit 1) as own
        """;

    private const string Companies = "select id from companies where id = any ($1) order by id for key share";

    private readonly HashSet<string> _ownAddresses = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _companies = [];

    /// <summary>Reads what <see cref="Check"/> needs to know of these contacts.</summary>
    public static async Task<ContactRules> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<ContactDraft> drafts, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(OwnAddresses) { Parameters = { new() { Value = drafts.SelectMany(draft => draft.Addresses).Select(address => address.Value).ToArray() } } },
                new(Companies) { Parameters = { new() { Value = drafts.Select(draft => draft.CompanyId).OfType<Guid>().ToArray() } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rules = new ContactRules();
        while (await reader.ReadAsync(cancellationToken))
        {
            rules._ownAddresses.Add(reader.GetString(0));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rules._companies.Add(reader.GetGuid(0));
        }

        return rules;
    }

    /// <summary>Adds what is wrong with the contact.</summary>
    public void Check(ContactDraft draft, FieldFaults faults)
    {
        foreach (var address in draft.Addresses)
        {
            faults.AddIf(_ownAddresses.Contains(address.Value), address.Field, "This is the address of a connected account, and those are never contacts.");
        }

        faults.AddIf(draft.CompanyId is { } company && !_companies.Contains(company), "companyId", "There is no such company.");
    }
}
