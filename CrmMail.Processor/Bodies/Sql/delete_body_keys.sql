-- Of bodies that were encrypted anew.
delete from body_keys
where activity_id = any ($1)
