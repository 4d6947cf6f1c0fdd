using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Deals;

/// <summary>A deal of the CRM.</summary>
/// <param name="Id">A UUID of version 7.</param>
/// <param name="Name">The name.</param>
/// <param name="CompanyId">The company with which it is made; null for none.</param>
/// <param name="Contacts">The contacts that take part.</param>
/// <param name="Stage">How far it is, in the words of the CRM; may be empty.</param>
/// <param name="Owner">Whose it is, in the words of the CRM; may be empty.</param>
/// <param name="State">Whether mail still comes to it by itself.</param>
/// <param name="OpenedAt">When it was opened last.</param>
/// <param name="ClosedAt">When it was closed; null while it is open.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record Deal(
    Guid Id,
    string Name,
    Guid? CompanyId,
    IReadOnlyList<Guid> Contacts,
    string Stage,
    string Owner,
    DealState State,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Deals with the columns that <see cref="Read"/> expects; conditions on <c>deals</c> and <c>period</c> follow.</summary>
    public const string Select = """
        select
            deals.id,
            deals.name,
            deals.company_id,
            array(select contact_id from deal_contacts where deal_id = deals.id order by contact_id) as contacts,
            deals.stage,
            deals.owner,
            period.opened_at,
            period.closed_at,
            deals.created_at,
            deals.updated_at
        from deals
        cross join lateral (
            select opened_at, closed_at
            from deal_periods
            where deal_id = deals.id
            order by opened_at desc
            limit 1
        ) as period
        """;

    public static Deal Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.IsDBNull(2) ? null : row.GetGuid(2),
        row.GetFieldValue<Guid[]>(3),
        row.GetString(4),
        row.GetString(5),
        row.IsDBNull(7) ? DealState.Open : DealState.Closed,
        row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        row.GetFieldValue<DateTimeOffset>(8),
        row.GetFieldValue<DateTimeOffset>(9));
}
