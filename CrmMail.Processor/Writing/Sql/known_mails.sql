-- The mails behind the keys $1, in all accounts: the same mail has the same mail_key everywhere. Of those in the accounts $2 with the
-- contacts that are linked to them. "offset 0" keeps the planner to index probes: for "key = any ($1)" it prefers to read whole tables, up
-- to hundreds of thousands of rows.
select
    mails.keys,
    mails.account_id,
    activities.id,
    activities.mail_key,
    activities.direction,
    activities.source,
    activities.event_id,
    activities.remote_id,
    activities.folder_at,
    activities.status,
    activities.status_detail,
    activities.status_at,
    activities.occurred_at,
    case when activities.direction = 'sent' then activities.participants end,
    activities.redacted_at is not null,
    activities.tags,
    activities.tag_rules,
    links.contacts,
    links.roles,
    links.rules
from (
    select message_keys.account_id, message_keys.activity_id, array_agg(wanted.key) as keys
    from unnest($1) as wanted (key)
    cross join lateral (
        select account_id, activity_id
        from message_keys
        where key = wanted.key
        offset 0
    ) as message_keys
    group by message_keys.activity_id, message_keys.account_id
) as mails
cross join lateral (
    select *
    from activities
    where id = mails.activity_id
    offset 0
) as activities
cross join lateral (
    select coalesce(array_agg(contact_id), '{}') as contacts, coalesce(array_agg(role), '{}') as roles, coalesce(array_agg(matched_by), '{}') as rules
    from activity_contacts
    where activity_id = mails.activity_id
      and mails.account_id = any ($2)
) as links
