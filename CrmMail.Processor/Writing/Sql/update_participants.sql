update activities
set participants = told.participants
from unnest($1, $2) as told (id, participants)
where activities.id = told.id
