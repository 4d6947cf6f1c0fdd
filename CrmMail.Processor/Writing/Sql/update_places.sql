update activities
set occurred_at = told.occurred_at
from unnest($1, $2) as told (id, occurred_at)
where activities.id = told.id
