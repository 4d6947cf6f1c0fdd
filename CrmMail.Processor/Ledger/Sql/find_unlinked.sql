-- Mails of the account $1 in which the addresses $3 of the mailboxes $2 led to the contacts $4 and lead to somebody else now ($5) or to nobody.
create temporary table unlinked on commit drop as
select named.*, message_keys.activity_id
from (
    select asked.mail_key, asked.contact_id, bool_or(gone.is_moved) as is_moved
    from address_ledger as asked
    join unnest($3, $4, $5) as gone (address, contact_id, is_moved) on gone.address = asked.address and gone.contact_id = asked.contact_id
    where asked.mailbox = any ($2)
      and asked.account_id = $1
    group by asked.mail_key, asked.contact_id
    order by asked.mail_key, asked.contact_id
    limit 2000
) as named
left join message_keys on message_keys.key = named.mail_key and message_keys.account_id = $1
