-- The places on timelines that may change, in the order in which the Processor writes them. Nobody can link another mail to a locked one,
-- so what is counted afterwards stays true.
create temporary table touched on commit drop as
select id
from public.timeline_entries
where id in (
    select entry_id
    from public.activity_contacts
    where activity_id in (select stored_id from comparison where kind = 'removed' or links or tags or place or direction))
order by contact_id, mail_key
for update
