-- The accounts with mail in which the addresses $2 of the mailboxes $1 led to the contacts $3.
select distinct account_id
from address_ledger as asked
join unnest($2, $3) as gone (address, contact_id) on gone.address = asked.address and gone.contact_id = asked.contact_id
where asked.mailbox = any ($1)
order by account_id
