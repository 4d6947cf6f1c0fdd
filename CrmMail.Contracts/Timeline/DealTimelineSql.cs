namespace CrmMail.Contracts;

/// <summary>
/// The pages of the timelines of deals and companies, newest first and every mail once, with the parameters and columns of
/// <see cref="TimelineSql"/>; <c>@direction</c> is null for both, and <c>@include</c> is always there, 0 for no tags. The mails of one deal, or of one company, are put together for every page:
/// the cost grows with them, and not with all there is (docs/deals.md).
/// </summary>
public static class DealTimelineSql
{
    /// <summary>
    /// The timeline of the deal <c>@deal_id</c> (uuid): what the Processor routed there and a person did not remove, and what a person linked.
    /// </summary>
    public const string DealPage = $"""
        with linked as materialized (
            select activity_id
            from activity_routes
            where deal_id = @deal_id
            union
            select message_keys.activity_id
            from deal_mails
            join message_keys on message_keys.key = deal_mails.mail_key
            where deal_mails.deal_id = @deal_id
              and deal_mails.is_linked
        ),
        mails as (
            {Mails}
            where not exists (
                select
                from deal_mails
                where deal_mails.deal_id = @deal_id
                  and deal_mails.mail_key = copy.mail_key
                  and not deal_mails.is_linked)
            {Pages}
        )
        {Shown}
        """;

    /// <summary>
    /// The timeline of the company <c>@company_id</c> (uuid): the mails of its contacts, and those that went to its address at the inbound domain.
    /// A contact is its own if that was set, else by the first of its addresses at the domain of any company.
    /// </summary>
    public const string CompanyPage = $"""
        with members as (
            select id
            from contacts
            where company_id = @company_id
            union
            select contacts.id
            from company_domains as own
            join contact_addresses as address on mail_domain(address.address) = own.domain
            join contacts on contacts.id = address.contact_id and contacts.company_id is null
            where own.company_id = @company_id
              and not exists (
                select
                from contact_addresses as earlier
                join company_domains as other on other.domain = mail_domain(earlier.address)
                where earlier.contact_id = address.contact_id
                  and other.company_id <> @company_id
                  and (earlier.position, earlier.address) < (address.position, address.address))
        ),
        linked as materialized (
            select link.activity_id
            from members
            join activity_contacts as link on link.contact_id = members.id
            union
            select activity_id
            from activity_routes
            where company_id = @company_id
        ),
        mails as (
            {Mails}
            {Pages}
        )
        {Shown}
        """;

    private const string Mails = """
        select min(copy.occurred_at) as occurred_at, min(copy.id) as id, array_agg(copy.id) as copies, bit_or(copy.tags) as tags
        from linked
        join activities as copy on copy.id = linked.activity_id
        """;

    private const string Pages = """
        group by copy.mail_key
        having (min(copy.occurred_at), min(copy.id)) < (@before_occurred_at, @before_id)
           and (@direction is null or max(copy.direction) = @direction)
           and (bit_or(copy.tags) = 0 or bit_or(copy.tags) & @include <> 0)
        order by occurred_at desc, id desc
        limit @limit
        """;

    private const string Shown = $"""
        select
            mails.id as entry_id,
            mails.occurred_at,
            mails.tags,
            array[]::text[] as roles,
            mail.captures,
            {TimelineSql.Shown}
        from mails
        cross join lateral (
            select
                {TimelineSql.Copies}
            from activities as copy
            where copy.id = any (mails.copies)
        ) as mail
        order by mails.occurred_at desc, mails.id desc
        """;
}
