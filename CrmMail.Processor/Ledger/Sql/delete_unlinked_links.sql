-- In all roles: those that still hold are made again when the events are written once more.
delete from activity_contacts as link
using unlinked
where link.activity_id = unlinked.activity_id
  and link.contact_id = unlinked.contact_id
