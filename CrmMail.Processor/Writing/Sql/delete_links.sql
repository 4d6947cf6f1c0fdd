delete from activity_contacts
using unnest($1, $2, $3) as link (activity_id, contact_id, role)
where activity_contacts.activity_id = link.activity_id
  and activity_contacts.contact_id = link.contact_id
  and activity_contacts.role = link.role
