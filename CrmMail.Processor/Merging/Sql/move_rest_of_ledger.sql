-- Of mails that made no activity: addresses of the account $4 in the mailboxes $3 that led to the contact $1 lead to the contact $2, at most $5.
update address_ledger
set contact_id = $2
where ctid = any (array(
    select ctid
    from address_ledger
    where mailbox = any ($3)
      and contact_id = $1
      and account_id = $4
    limit $5))
