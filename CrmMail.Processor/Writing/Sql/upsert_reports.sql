insert into delivery_reports (key, account_id, status, status_detail, status_at)
select *
from unnest($1, $2, $3, $4, $5)
on conflict (key, account_id) do update
set status = excluded.status, status_detail = excluded.status_detail, status_at = excluded.status_at
