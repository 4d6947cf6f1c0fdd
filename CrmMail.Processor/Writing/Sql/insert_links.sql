insert into activity_contacts (activity_id, contact_id, role, entry_id)
select link.activity_id, link.contact_id, link.role, timeline_entries.id
from unnest($1, $2, $3, $4) as link (activity_id, contact_id, role, mail_key)
join timeline_entries using (contact_id, mail_key)
on conflict (activity_id, contact_id, role) do nothing
