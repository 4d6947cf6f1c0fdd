-- The contacts that are linked to the mails behind the keys $1 in the accounts $2, by index probes as in known_mails.
select links.activity_id, links.contact_id, links.role, links.matched_by
from (
    select distinct message_keys.activity_id
    from unnest($1) as wanted (key)
    cross join lateral (
        select account_id, activity_id
        from message_keys
        where key = wanted.key
        offset 0
    ) as message_keys
    where message_keys.account_id = any ($2)
) as mails
cross join lateral (
    select activity_id, contact_id, role, matched_by
    from activity_contacts
    where activity_id = mails.activity_id
    offset 0
) as links
