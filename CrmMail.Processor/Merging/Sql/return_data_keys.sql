-- The keys that the merge $1 moved belong to the contact $2 again, with those of contacts that had been merged into it before.
with recursive undone (id, contact_id) as (
    select id, contact_id
    from contact_merges
    where id = $1
    union
    select earlier.id, earlier.contact_id
    from undone
    join contact_merges as earlier on earlier.into_id = undone.contact_id and earlier.state = 'merged'
)
update data_keys
set contact_id = $2, merge_id = nullif(merge_id, $1)
where merge_id in (select id from undone)
