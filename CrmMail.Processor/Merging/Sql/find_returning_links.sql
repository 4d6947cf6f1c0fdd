-- Links that the merge $1 moved, of the mails behind the activity $2 and up to $3, as far as they still are with the contact $5 and an address
-- of the contact $4 still stands behind them. What the ledger does not know was written before there was one, and goes back as it came.
--   stays: the contact $5 has such a link itself: it had one before, or got one since
create temporary table moving on commit drop as
select
    kept.activity_id,
    kept.role,
    coalesce(kept.matched_by, case when not kept.is_shared then link.matched_by end) as matched_by,
    kept.is_shared,
    kept.shared_matched_by,
    activities.mail_key,
    case
        when told.leads_back is null then kept.is_shared
        when kept.is_shared then told.leads_on
        -- An envelope names as To whoever the headers name otherwise.
        else told.leads_on_in_role and not (kept.role = 'to' and activities.direction = 'sent' and exists (
            select
            from activity_contacts as other
            where other.activity_id = kept.activity_id
              and other.contact_id = $5
              and other.role <> 'to'))
    end as stays
from contact_merge_links as kept
join activities on activities.id = kept.activity_id
join activity_contacts as link on (link.activity_id, link.contact_id, link.role) = (kept.activity_id, $5, kept.role)
cross join lateral (
    select
        bool_or(asked.contact_id = $4) as leads_back,
        bool_or(asked.contact_id = $5) as leads_on,
        bool_or(asked.contact_id = $5 and asked.role = kept.role) as leads_on_in_role
    from message_keys
    join address_ledger as asked on asked.mail_key = message_keys.key and asked.account_id = message_keys.account_id
    where message_keys.activity_id = kept.activity_id
      and asked.contact_id in ($4, $5)
) as told
where kept.merge_id = $1
  and kept.activity_id > $2
  and kept.activity_id <= $3
  and told.leads_back is distinct from false
