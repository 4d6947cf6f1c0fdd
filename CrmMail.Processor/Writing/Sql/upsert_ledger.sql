insert into address_ledger (account_id, source, event_id, role, address_key, address, mailbox, contact_id, direction, mail_key, occurred_at, partition, "offset")
select *
from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (account_id, source, event_id, role, address_key) do update
set contact_id = excluded.contact_id
where address_ledger.contact_id is distinct from excluded.contact_id
