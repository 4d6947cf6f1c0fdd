-- The keys of the contacts $2, those by which the bodies of the activities $1 can be read, and that of the fingerprints, each contact's oldest first.
select id, contact_id, master_key, wrapped, merge_id is not null
from data_keys
where contact_id = any ($2)
   or contact_id is null
   or id in (select data_key_id from body_keys where activity_id = any ($1))
order by id
