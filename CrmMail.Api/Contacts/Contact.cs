using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Contacts;

/// <summary>A person of the CRM.</summary>
/// <param name="Id">A UUID of version 7.</param>
/// <param name="Name">The name; empty when none is known.</param>
/// <param name="Addresses">The mail addresses as they are compared with those of mails: lower case, domains in A-labels.</param>
/// <param name="CompanyId">The company it belongs to: the one that was set, else that of the domain of its first address at which there is one.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Origin">How it came to be: `entered`, or by the policy for unknown addresses.</param>
/// <param name="OriginEvent">Of a contact by the policy: the event that gave it its name. `GET /api/events/{eventId}` tells what else became of it.</param>
internal sealed record Contact(
    Guid Id,
    string Name,
    IReadOnlyList<string> Addresses,
    Guid? CompanyId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    ContactOrigin Origin = ContactOrigin.Entered,
    ContactOriginEvent? OriginEvent = null)
{
    /// <summary>How many columns <see cref="Columns"/> has.</summary>
    public const int ColumnCount = 10;

    /// <summary>The columns that <see cref="Read"/> expects first in a row, of a table or alias called <c>contacts</c>.</summary>
    public const string Columns = """
        contacts.id,
        contacts.name,
        array(select address from contact_addresses where contact_id = contacts.id order by position, address) as addresses,
        coalesce(contacts.company_id, (
            select company_domains.company_id
            from contact_addresses
            join company_domains on company_domains.domain = mail_domain(contact_addresses.address)
            where contact_id = contacts.id
            order by contact_addresses.position, address
            limit 1)) as company_id,
        contacts.created_at,
        contacts.updated_at,
        contacts.origin,
        contacts.origin_event_id,
        contacts.origin_account_id,
        contacts.origin_source
        """;

    public static Contact Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetFieldValue<string[]>(2),
        row.IsDBNull(3) ? null : row.GetGuid(3),
        row.GetFieldValue<DateTimeOffset>(4),
        row.GetFieldValue<DateTimeOffset>(5),
        StableText.Parse<ContactOrigin>(row.GetString(6)),
        row.IsDBNull(7) ? null : new ContactOriginEvent(row.GetString(7), row.GetString(8), StableText.Parse<MailSource>(row.GetString(9))));
}

/// <summary>An event by which the policy made a contact.</summary>
/// <param name="EventId">The id that the sender gave it.</param>
/// <param name="AccountId">The account that has the mail.</param>
/// <param name="Source">Who told us.</param>
internal sealed record ContactOriginEvent(string EventId, string AccountId, MailSource Source);
