-- By the merge $1 the keys of the contact $2 belong to the contact $3, and so the bodies that they encrypt can still be read.
update data_keys
set contact_id = $3, merge_id = coalesce(merge_id, $1)
where contact_id = $2
