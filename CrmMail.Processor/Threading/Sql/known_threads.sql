-- The smallest id of the conversations of the ids $1, and how many steps lead to it; not of those that are the smallest themselves.
-- "offset 0" keeps the planner to one index probe a step.
with recursive way (key, at) as (
    select key, key
    from unnest($1) as wanted (key)
    union all
    select way.key, link.parent
    from way
    cross join lateral (
        select parent
        from thread_links
        where key = way.at
        offset 0
    ) as link
)
select key, (array_agg(at order by at))[1] as root, count(*) - 1 as steps
from way
group by key
having count(*) > 1
