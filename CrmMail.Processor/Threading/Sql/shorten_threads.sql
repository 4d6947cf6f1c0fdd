-- Leads the ids $1 straight to $2, which is smaller than all between. What somebody else holds stays as it is, and is as right.
update thread_links
set parent = shorter.root
from (
    select link.key, shorter.root
    from unnest($1, $2) as shorter (key, root)
    join thread_links as link on link.key = shorter.key
    for update of link skip locked
) as shorter
where thread_links.key = shorter.key
