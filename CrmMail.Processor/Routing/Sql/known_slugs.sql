-- Which of the slugs $1 are companies'.
select slug, id
from companies
where slug = any ($1)
