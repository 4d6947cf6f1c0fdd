-- The mails behind the keys $1, in all accounts: the same mail has the same mail_key everywhere.
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
    activities.redacted_at is not null
from message_keys
join activities on activities.id = message_keys.activity_id
where message_keys.key = any ($1)
