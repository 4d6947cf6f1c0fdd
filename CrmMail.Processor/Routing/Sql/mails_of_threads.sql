-- The activities of the conversations $1.
with recursive ids (key) as (
    select key
    from unnest($1) as thread (key)
    union all
    select part.key
    from ids
    cross join lateral (
        select key
        from thread_links
        where parent = ids.key
        offset 0
    ) as part
)
select distinct mail.activity_id
from ids
cross join lateral (
    select activity_id
    from message_keys
    where key = ids.key
    offset 0
) as mail
