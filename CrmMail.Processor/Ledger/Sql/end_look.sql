-- The mailboxes $1 were looked at as of the versions $2; one that has changed again, or is about to, is left as it is. A batch that was
-- matched before the change is written, or has failed, within a few minutes: no statement of it waits for longer than 30 seconds. So
-- the last look finds what it has written.
with seen as materialized (
    select changes.mailbox, changes.looks
    from address_changes as changes
    join unnest($1, $2) as seen (mailbox, version) on seen.mailbox = changes.mailbox and seen.version = changes.version
    for update of changes skip locked
),
done as (
    delete from address_changes
    where mailbox in (select mailbox from seen where looks >= 3)
)
update address_changes
set looks = seen.looks + 1,
    look_at = now() + (array[interval '2 seconds', interval '30 seconds', interval '5 minutes'])[seen.looks + 1]
from seen
where address_changes.mailbox = seen.mailbox
  and seen.looks < 3
