-- At most $3 data keys that another master key than $1 has encrypted, of those that the configuration has ($2).
select id, master_key, wrapped
from data_keys
where master_key = any ($2)
  and master_key <> $1
order by id
limit $3
for update
