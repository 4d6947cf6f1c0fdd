-- The places of the mails on the timeline of the contact $1, in the order in which the Processor writes them.
create temporary table touched on commit drop as
select id
from timeline_entries
where id in (
    select link.entry_id
    from moving
    join activity_contacts as link on (link.activity_id, link.contact_id, link.role) = (moving.activity_id, $1, moving.role))
order by mail_key
for update
