-- An event may come before accountAdded, or without it. Nobody connects a team address: it is known once a mail came to it, and then mail flows.
insert into accounts (id, state)
select id, case when starts_with(id, 'mailparse:') then 'connected' else 'new' end
from unnest($1) as account (id)
on conflict (id) do nothing
