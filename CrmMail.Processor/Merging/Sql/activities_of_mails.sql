-- The activities of the mails behind $2 and up to $3 that the contact $1 took part in.
select distinct link.activity_id
from timeline_entries as entry
join activity_contacts as link on link.entry_id = entry.id
where entry.contact_id = $1
  and entry.mail_key > $2
  and entry.mail_key <= $3
