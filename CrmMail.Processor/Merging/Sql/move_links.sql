-- From the contact $1 to the contact $2. Where both took part in one role, the closer rule is kept: their names sort as the rules do.
with closer as (
    update activity_contacts as link
    set matched_by = least(link.matched_by, moving.matched_by)
    from moving
    where moving.is_shared
      and (link.activity_id, link.contact_id, link.role) = (moving.activity_id, $2, moving.role)
      and link.matched_by is distinct from least(link.matched_by, moving.matched_by)
),
doubled as (
    delete from activity_contacts as link
    using moving
    where moving.is_shared
      and (link.activity_id, link.contact_id, link.role) = (moving.activity_id, $1, moving.role)
)
update activity_contacts as link
set contact_id = $2, entry_id = entry.id
from moving
join timeline_entries as entry on entry.contact_id = $2 and entry.mail_key = moving.mail_key
where not moving.is_shared
  and (link.activity_id, link.contact_id, link.role) = (moving.activity_id, $1, moving.role)
