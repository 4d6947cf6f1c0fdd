-- In the order of the keys, so that two Processors cannot wait for each other.
insert into address_names (address, name_key)
select address, name_key
from unnest($1, $2) as told (address, name_key)
order by address, name_key
on conflict (address, name_key) do nothing
