-- Which of the hashes $1 are those of erased addresses, by their places.
select asked.place - 1
from unnest($1) with ordinality as asked (hash, place)
where exists (select from erased_addresses where erased_addresses.hash = asked.hash)
