-- Events of the mailboxes $4 whose addresses $5 lead to the contacts $6 and did not so far, at most $3, behind the offset $2 of the
-- partition $1.
select distinct asked.partition, asked."offset", asked.account_id, asked.source, asked.event_id
from address_ledger as asked
join unnest($5, $6) as found (address, contact_id) on found.address = asked.address
where asked.mailbox = any ($4)
  and asked.contact_id is distinct from found.contact_id
  and (asked.partition, asked."offset") > ($1, $2)
order by asked.partition, asked."offset"
limit $3
