-- The oldest merge, or undoing of one, that has not come to its end; and whether deals may lead mails of the two elsewhere now.
select
    id,
    contact_id,
    into_id,
    state = 'undoing',
    addresses,
    cardinality(deals) > 0 or exists (select from deal_contacts where deal_contacts.contact_id in (contact_merges.contact_id, into_id))
from contact_merges
where state in ('moving', 'undoing')
order by coalesce(undo_requested_at, requested_at), id
limit 1
