-- Which of the ids $1 are deals, open or not.
select id
from deals
where id = any ($1)
