-- The addresses of these mails that led to the contact $1 lead to the contact $2.
update address_ledger as asked
set contact_id = $2
from (
    select distinct message_keys.key, message_keys.account_id
    from moving
    join message_keys on message_keys.activity_id = moving.activity_id
) as mail
where asked.mail_key = mail.key
  and asked.account_id = mail.account_id
  and asked.contact_id = $1
