insert into data_keys (id, master_key, wrapped)
values ($1, $2, $3)
on conflict do nothing
