-- A link that was found by another rule than today goes too, and is made anew.
delete from public.activity_contacts as link
using comparison
where comparison.kind = 'changed'
  and comparison.links
  and comparison.is_whole
  and link.activity_id = comparison.stored_id
  and not exists (
    select from activity_contacts as draft
    where (draft.activity_id, draft.contact_id, draft.role) = (comparison.draft_id, link.contact_id, link.role)
      and draft.matched_by is not distinct from link.matched_by)
