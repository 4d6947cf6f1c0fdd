-- Of which addresses the policy makes no contact: somebody with the address was erased ($1 with the hashes $2), or the contact is there
-- or went into another one ($3 with the ids $4) and a person has taken its address $5 from it. Of the real contacts, also in a draft.
select asked.address
from unnest($1, $2) as asked (address, hash)
where exists (select from erased_addresses where erased_addresses.hash = asked.hash)
union
select asked.address
from unnest($3, $4, $5) as asked (address, contact_id, contact_address)
where (exists (select from public.contacts where id = asked.contact_id)
    or exists (select from public.contact_merges as merge where merge.contact_id = asked.contact_id and merge.state <> 'undone'))
  and not exists (select from public.contact_addresses where contact_addresses.address = asked.contact_address)
