update activities
set tags = told.tags, tag_rules = string_to_array(told.tag_rules, ' ')
from unnest($1, $2, $3) as told (id, tags, tag_rules)
where activities.id = told.id
