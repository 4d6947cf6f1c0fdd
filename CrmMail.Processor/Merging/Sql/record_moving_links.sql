-- What the merge $1 moves. A link that was written once more meanwhile, by a batch that had looked up its addresses before, is recorded already.
insert into contact_merge_links (merge_id, activity_id, role, matched_by, is_shared, shared_matched_by)
select $1, activity_id, role, matched_by, is_shared, shared_matched_by
from moving
on conflict (merge_id, activity_id, role) do nothing
