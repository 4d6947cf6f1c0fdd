insert into loose_references (activity_id, key)
select *
from unnest($1, $2)
