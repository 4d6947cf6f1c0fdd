insert into activity_routes (activity_id, deal_id, deal_reason, company_id)
select *
from unnest($1, $2, $3, $4)
on conflict (activity_id) do update
set deal_id = excluded.deal_id,
    deal_reason = excluded.deal_reason,
    company_id = excluded.company_id
