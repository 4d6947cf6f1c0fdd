-- The places of the mails behind $2 and up to $3 on the timeline of the contact $1, in the order in which the Processor writes them.
create temporary table touched on commit drop as
select id
from timeline_entries
where contact_id = $1
  and mail_key > $2
  and mail_key <= $3
order by mail_key
for update
