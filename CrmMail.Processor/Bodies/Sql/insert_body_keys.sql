insert into body_keys (activity_id, data_key_id, wrapped)
select *
from unnest($1, $2, $3)
