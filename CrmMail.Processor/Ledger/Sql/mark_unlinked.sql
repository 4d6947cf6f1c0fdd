-- All events of the mails of the account $1 are to be written once more: they tell which links hold, and why an event makes no activity.
update address_ledger as asked
set is_due = true,
    contact_id = case when asked.contact_id in (select contact_id from unlinked) then null else asked.contact_id end
where asked.account_id = $1
  and asked.mail_key in (select mail_key from unlinked_keys)
