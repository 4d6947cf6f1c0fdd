-- Addresses of the mailboxes $1 that are nobody's no more.
delete from address_names
where address in (
    select address
    from address_ledger
    where mailbox = any ($1)
    group by address
    having count(*) filter (where contact_id is null) = 0)
