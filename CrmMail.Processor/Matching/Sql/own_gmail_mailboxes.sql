-- Which of the mailboxes at Gmail $1 belong to our own accounts.
select gmail_mailbox(address), account_id
from account_addresses
where gmail_mailbox(address) = any ($1)
