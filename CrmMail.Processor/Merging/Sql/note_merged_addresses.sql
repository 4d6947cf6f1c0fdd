-- A mail that was looked up before the merge $1 began may be written after it: the ledger is looked at as after any change of addresses.
insert into address_changes (mailbox)
select distinct address_mailbox(address) as mailbox
from contact_merges
cross join unnest(addresses) as given (address)
where id = $1
order by mailbox
on conflict (mailbox) do update
set version = address_changes.version + 1, looks = 0, look_at = now()
