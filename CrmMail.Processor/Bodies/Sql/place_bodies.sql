update activity_bodies
set occurred_at = told.occurred_at
from unnest($1, $2) as told (activity_id, occurred_at)
where activity_bodies.activity_id = told.activity_id
