update contact_merges
set done = done + $2
where id = $1
