-- Of each activity $1 that was written at $2: the newest deal of its contacts that was open then.
select mail.id, deal.deal_id
from unnest($1, $2) as mail (id, written_at)
cross join lateral (
    select deal_periods.deal_id
    from activity_contacts
    join deal_contacts on deal_contacts.contact_id = activity_contacts.contact_id
    join deal_periods on deal_periods.deal_id = deal_contacts.deal_id
    where activity_contacts.activity_id = mail.id
      and deal_periods.opened_at <= mail.written_at
      and (deal_periods.closed_at > mail.written_at or deal_periods.closed_at is null)
    order by deal_periods.opened_at desc, deal_periods.deal_id desc
    limit 1
) as deal
