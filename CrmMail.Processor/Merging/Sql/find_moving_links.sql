-- The links of the touched places, with those that the contact $1 has in the same role. A mail that an account beside the locked ones $2 has
-- got just now is left for later. "offset 0" keeps the planner to index probes.
create temporary table moving on commit drop as
select
    link.activity_id,
    link.role,
    link.matched_by,
    activities.account_id,
    activities.mail_key,
    shared.activity_id is not null as is_shared,
    shared.matched_by as shared_matched_by
from touched
cross join lateral (
    select activity_id, role, matched_by
    from activity_contacts
    where entry_id = touched.id
    offset 0
) as link
cross join lateral (
    select account_id, mail_key
    from activities
    where id = link.activity_id
    offset 0
) as activities
left join lateral (
    select activity_id, matched_by
    from activity_contacts
    where activity_id = link.activity_id
      and contact_id = $1
      and role = link.role
    offset 0
) as shared on true
where not exists (
    select
    from activity_contacts as other
    join activities as copy on copy.id = other.activity_id
    where other.entry_id = touched.id
      and copy.account_id <> all ($2)
    offset 0)
