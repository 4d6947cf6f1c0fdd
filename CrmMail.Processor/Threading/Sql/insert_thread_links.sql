-- In one order, for workers of other accounts may write the same ids: they then wait for each other, but not in a circle.
insert into thread_links (key, parent)
select key, parent
from unnest($1, $2) as link (key, parent)
order by key
on conflict (key) do nothing
