insert into accounts
select *
from public.accounts
where id = any ($1)
on conflict (id) do nothing
