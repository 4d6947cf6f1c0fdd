select activity_id, data_key_id, wrapped
from body_keys
where activity_id = any ($1)
