-- The addresses of the mailboxes $1, and to whom they led.
select distinct address, contact_id
from address_ledger
where mailbox = any ($1)
