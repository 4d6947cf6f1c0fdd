-- Only events that name a contact tell when a mail was: the earliest of those that still do. A mail from before there was a ledger stays
-- where it is. Probed key by key: just after many addresses have found or lost their contact, the statistics know nothing of it, and a plan
-- that believes them reads the whole ledger for each mail.
update activities
set occurred_at = told.occurred_at
from (
    select known.activity_id, min(earliest.occurred_at) as occurred_at
    from unlinked
    join message_keys as known on known.activity_id = unlinked.activity_id
    cross join lateral (
        select min(asked.occurred_at) as occurred_at
        from address_ledger as asked
        where asked.mail_key = known.key
          and asked.account_id = known.account_id
          and asked.contact_id is not null
        -- Keeps the probe from being made a join again.
        offset 0
    ) as earliest
    group by known.activity_id
) as told
where activities.id = told.activity_id
  and activities.occurred_at < told.occurred_at
  and exists (
    select
    from address_ledger as origin
    where (origin.account_id, origin.source, origin.event_id) = (activities.account_id, activities.source, activities.event_id))
