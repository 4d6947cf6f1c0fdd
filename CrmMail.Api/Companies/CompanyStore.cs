using CrmMail.Api.Problems;
using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Api.Companies;

/// <summary>Single companies: make, read, change.</summary>
internal sealed class CompanyStore(NpgsqlDataSource database)
{
    private const string Find = $"select {Company.Columns} from companies where id = $1";

    private const string Insert = "insert into companies (id, name, slug) values ($1, $2, nullif($3, ''))";

    private const string Update = """
        update companies
        set name = coalesce($2, name), slug = case when $3 is null then slug else nullif($3, '') end, updated_at = now()
        where id = $1
        """;

    private const string RemoveDomains = "delete from company_domains where company_id = $1 and domain <> all ($2)";

    // In the order of the domains, so that two writers cannot wait for each other. Returns those that are the company's now.
    private const string PutDomains = """
        insert into company_domains (domain, company_id, position)
        select domain, $1, position - 1
        from unnest($2) with ordinality as wanted (domain, position)
        order by domain
        on conflict (domain) do update
        set position = excluded.position
        where company_domains.company_id = excluded.company_id
        returning domain
        """;

    private const string Owners = "select domain, company_id from company_domains where domain = any ($1) and company_id <> $2";

    /// <summary>The company; null when there is none.</summary>
    public async Task<Company?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, id, cancellationToken);
    }

    /// <summary>Makes a company.</summary>
    /// <exception cref="ProblemException">Another company has a domain or the slug.</exception>
    public async Task<Company> CreateAsync(CompanyDraft draft, CancellationToken cancellationToken) =>
        (await WriteAsync(Guid.CreateVersion7(), draft, Insert, cancellationToken))!;

    /// <summary>Makes of the company what the draft says; null when there is none.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public Task<Company?> ChangeAsync(Guid id, CompanyDraft draft, CancellationToken cancellationToken) => WriteAsync(id, draft, Update, cancellationToken);

    private async Task<Company?> WriteAsync(Guid id, CompanyDraft draft, string write, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await WriteCompanyAsync(connection, id, draft, write, cancellationToken) == 0)
        {
            return null;
        }

        if (draft.Domains is { } domains)
        {
            await WriteDomainsAsync(connection, id, domains, cancellationToken);
        }

        var written = await ReadAsync(connection, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    private static async Task<int> WriteCompanyAsync(NpgsqlConnection connection, Guid id, CompanyDraft draft, string write, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(write, connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = (object?)draft.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)draft.Slug ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        try
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            var faults = new FieldFaults().Add("slug", "Another company has this slug.");
            throw new ProblemException(new Problem(ProblemKind.SlugTaken, faults: faults), taken);
        }
    }

    private static async Task WriteDomainsAsync(NpgsqlConnection connection, Guid id, IReadOnlyList<CompanyDomain> domains, CancellationToken cancellationToken)
    {
        var values = domains.Select(domain => domain.Value).ToArray();
        if (!await OwnedValues.TryReplaceAsync(connection, RemoveDomains, PutDomains, id, values, cancellationToken))
        {
            throw new ProblemException(await DomainTakenAsync(connection, id, domains, cancellationToken));
        }
    }

    private static async Task<Problem> DomainTakenAsync(NpgsqlConnection connection, Guid id, IReadOnlyList<CompanyDomain> domains, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Owners, connection)
        {
            Parameters = { new() { Value = domains.Select(domain => domain.Value).ToArray() }, new() { Value = id } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var faults = new FieldFaults();
        while (await reader.ReadAsync(cancellationToken))
        {
            var taken = reader.GetString(0);
            faults.Add(domains.Single(domain => domain.Value == taken).Field, $"The company {reader.GetGuid(1)} has this domain.");
        }

        return new Problem(ProblemKind.DomainTaken, "A domain belongs to one company: change that one, or leave the domain out.", faults);
    }

    private static async Task<Company?> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Company.Read(reader) : null;
    }
}
