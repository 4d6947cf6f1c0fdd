-- Of the mails of the merge $1 behind the activity $2 and up to $3: the addresses $6, which led to the contact $5, lead to the contact $4 again.
update address_ledger as asked
set contact_id = $4
from (
    select distinct message_keys.key, message_keys.account_id
    from contact_merge_links as link
    join message_keys on message_keys.activity_id = link.activity_id
    where link.merge_id = $1
      and link.activity_id > $2
      and link.activity_id <= $3
) as mail
where asked.mail_key = mail.key
  and asked.account_id = mail.account_id
  and asked.contact_id = $5
  and asked.address = any ($6)
