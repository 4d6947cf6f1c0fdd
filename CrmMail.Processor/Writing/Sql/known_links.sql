-- The contacts that are linked to the mails behind the keys $1 in the accounts $2.
select activity_id, contact_id, role
from activity_contacts
where activity_id in (select activity_id from message_keys where key = any ($1) and account_id = any ($2))
