-- The next $3 mails of which the merge $1 moved links, behind the activity $2: the last of them, and the accounts that have them. No row when
-- there are none.
with page as materialized (
    select distinct activity_id
    from contact_merge_links
    where merge_id = $1
      and activity_id > $2
    order by activity_id
    limit $3
)
select activity_id, array(select distinct activities.account_id from page join activities on activities.id = page.activity_id)
from page
order by activity_id desc
limit 1
