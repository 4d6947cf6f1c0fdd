namespace CrmMail.Contracts;

/// <summary>
/// The mails of a conversation. They are found once, by <see cref="Find"/>; everything else is asked of their ids (<c>@ids</c>, bigint[]).
/// </summary>
public static class ThreadSql
{
    /// <summary>
    /// The id of the conversation that <c>@id</c> (bytea) belongs to, and the activities of its mails: of all accounts, each once, in no
    /// order. Every conversation that has become a part of it is walked through, by index probes.
    /// </summary>
    public const string Find = """
        with recursive thread (id) as materialized (
            select thread_of(@id)
        ),
        ids (key) as (
            select id
            from thread
            union all
            select part.key
            from ids
            cross join lateral (
                select key
                from thread_links
                where parent = ids.key
                offset 0
            ) as part
        )
        select
            (select id from thread),
            coalesce(array_agg(distinct mails.activity_id), '{}')
        from ids
        cross join lateral (
            select activity_id
            from message_keys
            where key = ids.key
            offset 0
        ) as mails
        """;

    /// <summary>
    /// How many mails there are, how many of them the pages show with the tags <c>@include</c> (integer), and when the first and the last of all were.
    /// </summary>
    public const string Summary = """
        select count(*), count(*) filter (where tags = 0 or tags & @include <> 0), min(occurred_at), max(occurred_at)
        from (
            select min(occurred_at) as occurred_at, bit_or(tags) as tags
            from activities
            where id = any (@ids)
            group by mail_key
        ) as mails
        """;

    /// <summary>
    /// A page of the mails, the oldest first, each once with all accounts that have it, and shown as on the timeline of a contact. It continues
    /// after <c>@after_occurred_at</c> (timestamptz) and <c>@after_mail_key</c> (bytea), <c>-infinity</c> and the empty one for the first
    /// page; <c>@limit</c> (integer), <c>@include</c> (integer) as in <see cref="TimelineSql"/>. Mails of the same second have a fixed order that means nothing.
    /// </summary>
    public const string Page = $"""
        with mails as (
            select mail_key, min(occurred_at) as occurred_at, array_agg(id) as ids, bit_or(tags) as tags
            from activities
            where id = any (@ids)
            group by mail_key
        ),
        page as materialized (
            select *
            from mails
            where (occurred_at, mail_key) > (@after_occurred_at, @after_mail_key)
              and (tags = 0 or tags & @include <> 0)
            order by occurred_at, mail_key
            limit @limit
        )
        select
            page.mail_key,
            page.occurred_at,
            page.tags,
            mail.captures,
            {TimelineSql.Shown}
        from page
        cross join lateral (
            select
                {TimelineSql.Copies}
            from activities as copy
            where copy.id = any (page.ids)
        ) as mail
        order by page.occurred_at, page.mail_key
        """;

    /// <summary>The contacts that took part, with their roles, at most <c>@limit</c> (integer).</summary>
    public const string Contacts = """
        select contacts.id, contacts.name, array_agg(distinct role order by role), min(matched_by)
        from activity_contacts
        join contacts on contacts.id = contact_id
        where activity_id = any (@ids)
        group by contacts.id
        order by lower(contacts.name) collate "C", contacts.id
        limit @limit
        """;

    /// <summary>
    /// The companies to which the contacts belong, or to whose address at the inbound domain a mail went, at most <c>@limit</c> (integer).
    /// </summary>
    public const string Companies = """
        select companies.id, companies.name
        from companies
        where companies.id in (
            select coalesce(contacts.company_id, by_domain.company_id)
            from (select distinct contact_id from activity_contacts where activity_id = any (@ids)) as part
            join contacts on contacts.id = part.contact_id
            left join lateral (
                select company_domains.company_id
                from contact_addresses as address
                join company_domains on company_domains.domain = mail_domain(address.address)
                where address.contact_id = contacts.id
                order by address.position, address.address
                limit 1
            ) as by_domain on true
            union
            select company_id
            from activity_routes
            where activity_id = any (@ids))
        order by lower(companies.name) collate "C", companies.id
        limit @limit
        """;

    /// <summary>
    /// The deals to which mails belong, with every reason and how many mails they are, at most <c>@limit</c> (integer): what was routed there and
    /// a person did not remove, and what a person linked.
    /// </summary>
    public const string Deals = """
        with mails as materialized (
            select id, mail_key
            from activities
            where id = any (@ids)
        ),
        said as materialized (
            select deal_mails.deal_id, deal_mails.mail_key, deal_mails.is_linked
            from (select distinct mail_key from mails) as mail
            join deal_mails on deal_mails.mail_key = mail.mail_key
        ),
        linked as (
            select deal_id, mail_key, 'person'::text as reason
            from said
            where is_linked
            union all
            select route.deal_id, mails.mail_key, route.deal_reason
            from mails
            join activity_routes as route on route.activity_id = mails.id
            where not exists (select from said where said.deal_id = route.deal_id and said.mail_key = mails.mail_key)
        )
        select deals.id, deals.name, array_agg(distinct linked.reason order by linked.reason), count(distinct linked.mail_key)
        from linked
        join deals on deals.id = linked.deal_id
        group by deals.id
        order by lower(deals.name) collate "C", deals.id
        limit @limit
        """;

    /// <summary>
    /// Whom the mails name, by address: the name that the latest of them gives, in how many mails, and how many people there are in all.
    /// Those of the most mails first, at most <c>@limit</c> (integer).
    /// </summary>
    public const string Participants = """
        select
            coalesce((array_agg(person ->> 'name' order by occurred_at desc, mail_key) filter (where person ->> 'name' <> ''))[1], '') as name,
            lower(person ->> 'address') as address,
            count(distinct mail_key) as mails,
            count(*) over () as people
        from activities
        cross join lateral jsonb_path_query(participants, '$.*[*]') as person
        where id = any (@ids)
          and person ->> 'address' <> ''
        group by lower(person ->> 'address')
        order by mails desc, lower(person ->> 'address') collate "C"
        limit @limit
        """;
}
