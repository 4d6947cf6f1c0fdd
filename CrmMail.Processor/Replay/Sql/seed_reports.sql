insert into delivery_reports
select *
from public.delivery_reports
where account_id = any ($1)
  and key = any ($2)
on conflict do nothing
