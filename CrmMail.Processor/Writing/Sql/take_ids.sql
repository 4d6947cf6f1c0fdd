select nextval('activities_id_seq')
from generate_series(1, $1)
