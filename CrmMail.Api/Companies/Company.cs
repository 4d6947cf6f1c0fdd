using Npgsql;

namespace CrmMail.Api.Companies;

/// <summary>A company of the CRM.</summary>
/// <param name="Id">A UUID of version 7.</param>
/// <param name="Name">The name.</param>
/// <param name="Domains">The domains of its mail addresses, lower case and in A-labels: contacts there belong to it unless their company is set.</param>
/// <param name="Slug">The part before the `@` of its address at the inbound domain; null when it has none.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record Company(Guid Id, string Name, IReadOnlyList<string> Domains, string? Slug, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>The columns that <see cref="Read"/> expects first in a row, of a table or alias called <c>companies</c>.</summary>
    public const string Columns = """
        companies.id,
        companies.name,
        array(select domain from company_domains where company_id = companies.id order by position, domain) as domains,
        companies.slug,
        companies.created_at,
        companies.updated_at
        """;

    public static Company Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetFieldValue<string[]>(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.GetFieldValue<DateTimeOffset>(4),
        row.GetFieldValue<DateTimeOffset>(5));
}
