-- Mailboxes whose contacts have changed and that are to be looked at now, at most $1.
select mailbox, version
from address_changes
where look_at <= now()
order by look_at
limit $1
