-- Which of the addresses $1 belong to our own accounts.
select address, account_id
from account_addresses
where address = any ($1)
