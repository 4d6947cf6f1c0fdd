update data_keys
set master_key = told.master_key, wrapped = told.wrapped
from unnest($1, $2, $3) as told (id, master_key, wrapped)
where data_keys.id = told.id
