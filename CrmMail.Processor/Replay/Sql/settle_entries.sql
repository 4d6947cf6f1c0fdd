-- What is left says when the mail was, whether one of us sent it, and its tags; a place without any mail goes.
with rest as (
    select link.entry_id, min(copy.occurred_at) as occurred_at, max(copy.direction) as direction, bit_or(copy.tags) as tags
    from public.activity_contacts as link
    join public.activities as copy on copy.id = link.activity_id
    where link.entry_id in (select id from touched)
    group by link.entry_id
),
gone as (
    delete from public.timeline_entries
    where id in (select id from touched)
      and id not in (select entry_id from rest)
)
update public.timeline_entries as entry
set occurred_at = rest.occurred_at, direction = rest.direction, tags = rest.tags
from rest
where entry.id = rest.entry_id
  and (entry.occurred_at, entry.direction, entry.tags) is distinct from (rest.occurred_at, rest.direction, rest.tags)
