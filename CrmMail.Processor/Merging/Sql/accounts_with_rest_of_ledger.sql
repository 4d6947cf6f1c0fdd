-- The accounts with mail in which addresses of the mailboxes $2 led to the contact $1.
select distinct account_id
from address_ledger
where mailbox = any ($2)
  and contact_id = $1
order by account_id
