-- The merge $1, or the undoing of it ($2), has come to its end. What the contact was is no more needed once it is that again.
with ended as (
    update contact_merges
    set state = case when $2 then 'undone' else 'merged' end,
        merged_at = case when $2 then merged_at else now() end,
        undone_at = case when $2 then now() end,
        name = case when $2 then '' else name end,
        company_id = case when $2 then null else company_id end,
        addresses = case when $2 then '{}' else addresses end,
        deals = case when $2 then '{}' else deals end,
        shared_deals = case when $2 then '{}' else shared_deals end
    where id = $1
    returning id, done
)
update operations_audit
set result = jsonb_build_object('links', ended.done)
from ended
where run_id = ended.id
  and result is null
