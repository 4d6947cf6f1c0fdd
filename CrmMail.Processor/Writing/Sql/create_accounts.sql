-- An event may come before accountAdded, or without it.
insert into accounts (id)
select unnest($1)
on conflict (id) do nothing
