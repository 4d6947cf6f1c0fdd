with entries as (
    insert into public.timeline_entries (contact_id, mail_key, occurred_at, direction, tags)
    select contact_id, stored.mail_key, min(stored.occurred_at), max(stored.direction), bit_or(stored.tags)
    from comparison
    join public.activities as stored on stored.id = comparison.stored_id
    join activity_contacts as draft on draft.activity_id = comparison.draft_id
    join public.contacts on contacts.id = draft.contact_id
    where comparison.kind = 'changed'
      and comparison.links
    group by contact_id, stored.mail_key
    order by contact_id, stored.mail_key
    on conflict (contact_id, mail_key) do update
    set occurred_at = timeline_entries.occurred_at
    returning id
)
insert into touched
select id
from entries
