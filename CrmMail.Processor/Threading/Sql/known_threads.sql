-- The rows that lead from the ids $1 to the smallest of their conversations. "offset 0" keeps the planner to index probes, one for each
-- id on the way: most ways soon meet, and what they have in common is walked once.
with recursive way (key, parent) as (
    select link.key, link.parent
    from unnest($1) as wanted (key)
    cross join lateral (
        select key, parent
        from thread_links
        where key = wanted.key
        offset 0
    ) as link
    union
    select link.key, link.parent
    from way
    cross join lateral (
        select key, parent
        from thread_links
        where key = way.parent
        offset 0
    ) as link
)
select key, parent
from way
