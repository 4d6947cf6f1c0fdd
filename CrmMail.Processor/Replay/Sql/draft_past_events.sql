-- Events of the draft in the partition $1, behind the offset $2, at most $3, that name somebody who led to nobody then and is a contact by
-- another event of the draft now.
select distinct partition, "offset", account_id, source, event_id
from address_ledger
join policy_contacts on policy_contacts.address = address_ledger.mailbox
where address_ledger.contact_id is null
  and partition = $1
  and "offset" > $2
order by partition, "offset"
limit $3
