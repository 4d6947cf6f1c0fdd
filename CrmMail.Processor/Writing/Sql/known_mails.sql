-- The mails behind the keys $1, in all accounts: the same mail has the same mail_key everywhere. "offset 0" keeps the planner to index
-- probes: for "key = any ($1)" it prefers to read whole tables, up to hundreds of thousands of rows.
select
    message_keys.key,
    message_keys.account_id,
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
    activities.tag_rules
from unnest($1) as wanted (key)
cross join lateral (
    select key, account_id, activity_id
    from message_keys
    where key = wanted.key
    offset 0
) as message_keys
cross join lateral (
    select *
    from activities
    where id = message_keys.activity_id
    offset 0
) as activities
