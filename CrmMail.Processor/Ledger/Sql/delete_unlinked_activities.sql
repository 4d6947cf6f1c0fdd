-- An activity with which no contact is left, neither by another address nor by one that belongs to another contact now. $1 is the account,
-- $2 and $3 are the addresses and the contacts to whom they led.
with removed as (
    delete from activities
    where id in (select activity_id from unlinked group by activity_id having not bool_or(is_moved))
      and not exists (select from activity_contacts where activity_id = activities.id)
      and not exists (
        select
        from message_keys
        join address_ledger as asked on asked.mail_key = message_keys.key and asked.account_id = message_keys.account_id
        where message_keys.activity_id = activities.id
          and asked.contact_id is not null
          and not exists (select from unnest($2, $3) as gone (address, contact_id) where gone.address = asked.address and gone.contact_id = asked.contact_id))
    returning direction
)
update accounts
set incoming_count = greatest(0, incoming_count - (select count(*) from removed where direction = 'incoming')),
    sent_count = greatest(0, sent_count - (select count(*) from removed where direction = 'sent'))
where id = $1
  and exists (select from removed)
