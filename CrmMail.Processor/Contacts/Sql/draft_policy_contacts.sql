-- What make_policy_contacts does for the real ones, in a draft: whom the policy would make a contact.
insert into policy_contacts (id, address)
select id, address
from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
    as told (id, address, name, origin, account_id, source, event_id, occurred_at, is_new)
where is_new
order by address
on conflict (address) do update
set id = excluded.id
