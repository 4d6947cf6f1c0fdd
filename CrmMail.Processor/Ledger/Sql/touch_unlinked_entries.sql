-- The places on timelines that may change, in the order in which the Processor writes them.
create temporary table touched on commit drop as
select id
from timeline_entries
where id in (
    select entry_id
    from activity_contacts
    where activity_id in (select activity_id from unlinked))
order by contact_id, mail_key
for update
