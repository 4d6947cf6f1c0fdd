-- Which of these rows of the ledger are not there, or lead to somebody else, by their places.
select told.place - 1
from unnest($1, $2, $3, $4, $5, $6) with ordinality as told (account_id, source, event_id, role, address_key, contact_id, place)
where not exists (
    select
    from address_ledger as known
    where (known.account_id, known.source, known.event_id, known.role, known.address_key)
        = (told.account_id, told.source, told.event_id, told.role, told.address_key)
      and known.contact_id is not distinct from told.contact_id
    -- Keeps the probe from being made a join.
    offset 0)
order by told.place
