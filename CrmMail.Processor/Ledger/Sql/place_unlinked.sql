-- Only events that name a contact tell when a mail was: the earliest of those that still do. A mail from before there was a ledger stays
-- where it is.
update activities
set occurred_at = told.occurred_at
from (
    select unlinked.activity_id, min(asked.occurred_at) as occurred_at
    from unlinked
    join message_keys on message_keys.activity_id = unlinked.activity_id
    join address_ledger as asked on asked.mail_key = message_keys.key and asked.account_id = message_keys.account_id
    where asked.contact_id is not null
    group by unlinked.activity_id
) as told
where activities.id = told.activity_id
  and activities.occurred_at < told.occurred_at
  and exists (
    select
    from address_ledger as origin
    where (origin.account_id, origin.source, origin.event_id) = (activities.account_id, activities.source, activities.event_id))
