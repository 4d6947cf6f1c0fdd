insert into public.activity_contacts (activity_id, contact_id, role, entry_id, matched_by)
select stored.id, draft.contact_id, draft.role, entry.id, draft.matched_by
from comparison
join public.activities as stored on stored.id = comparison.stored_id
join activity_contacts as draft on draft.activity_id = comparison.draft_id
join public.timeline_entries as entry on entry.contact_id = draft.contact_id and entry.mail_key = stored.mail_key
where comparison.kind = 'changed'
  and comparison.links
on conflict (activity_id, contact_id, role) do update
set matched_by = least(activity_contacts.matched_by, excluded.matched_by)
