-- From the contact $2 back to the contact $1, as they were.
with stay as (
    update activity_contacts as link
    set matched_by = moving.shared_matched_by
    from moving
    where moving.stays
      and moving.is_shared
      and (link.activity_id, link.contact_id, link.role) = (moving.activity_id, $2, moving.role)
),
added as (
    insert into activity_contacts (activity_id, contact_id, role, entry_id, matched_by)
    select moving.activity_id, $1, moving.role, entry.id, moving.matched_by
    from moving
    join timeline_entries as entry on entry.contact_id = $1 and entry.mail_key = moving.mail_key
    where moving.stays
    on conflict (activity_id, contact_id, role) do update
    set matched_by = least(activity_contacts.matched_by, excluded.matched_by)
),
-- By a batch that looked up its addresses after they were given back.
known as (
    delete from activity_contacts as link
    using moving
    where not moving.stays
      and (link.activity_id, link.contact_id, link.role) = (moving.activity_id, $2, moving.role)
      and exists (
        select
        from activity_contacts as own
        where (own.activity_id, own.contact_id, own.role) = (moving.activity_id, $1, moving.role))
)
update activity_contacts as link
set contact_id = $1, entry_id = entry.id, matched_by = moving.matched_by
from moving
join timeline_entries as entry on entry.contact_id = $1 and entry.mail_key = moving.mail_key
where not moving.stays
  and (link.activity_id, link.contact_id, link.role) = (moving.activity_id, $2, moving.role)
  and not exists (
    select
    from activity_contacts as own
    where (own.activity_id, own.contact_id, own.role) = (moving.activity_id, $1, moving.role))
