insert into activity_contacts (activity_id, contact_id, role, entry_id)
select link.activity_id, link.contact_id, link.role, entry.id
from unnest($1, $2, $3, $4) as link (activity_id, contact_id, role, mail_key)
cross join lateral (
    select id
    from timeline_entries
    where contact_id = link.contact_id
      and mail_key = link.mail_key
    limit 1
) as entry
on conflict (activity_id, contact_id, role) do nothing
