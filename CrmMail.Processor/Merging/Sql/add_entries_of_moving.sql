-- Places for the mails on the timeline of the contact $1.
with entries as (
    insert into timeline_entries (contact_id, mail_key, occurred_at, direction, tags)
    select $1, activities.mail_key, min(occurred_at), max(direction), bit_or(tags)
    from moving
    join activities on activities.id = moving.activity_id
    group by activities.mail_key
    order by activities.mail_key
    on conflict (contact_id, mail_key) do update
    set occurred_at = timeline_entries.occurred_at
    returning id
)
insert into touched
select id
from entries
