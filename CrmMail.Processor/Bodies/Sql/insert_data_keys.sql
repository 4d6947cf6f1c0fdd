insert into data_keys (id, contact_id, master_key, wrapped)
select *
from unnest($1, $2, $3, $4)
