-- A link that is there already keeps the closer of the two rules: their names sort as the rules do.
insert into activity_contacts (activity_id, contact_id, role, entry_id, matched_by)
select link.activity_id, link.contact_id, link.role, entry.id, link.matched_by
from unnest($1, $2, $3, $4, $5) as link (activity_id, contact_id, role, mail_key, matched_by)
cross join lateral (
    select id
    from timeline_entries
    where contact_id = link.contact_id
      and mail_key = link.mail_key
    limit 1
) as entry
on conflict (activity_id, contact_id, role) do update
set matched_by = least(activity_contacts.matched_by, excluded.matched_by)
