-- The mails behind the keys $2 in the accounts $1: all of them ($4), or those that were made by events that are not in the range of the
-- run $3. Each once, for the events of the range change the copy.
with copied as (
    insert into activities
    select stored.*
    from public.activities as stored
    where stored.id in (select activity_id from public.message_keys where key = any ($2) and account_id = any ($1))
      and ($4 or not exists (
        select
        from replay_partitions as range
        where range.run_id = $3
          and range.partition = stored.partition
          and stored."offset" >= range.from_offset
          and stored."offset" < range.to_offset))
    on conflict (id) do nothing
    returning id
),
marks as (
    insert into seeds (activity_id)
    select id
    from copied
),
bodies as (
    insert into activity_bodies (activity_id, occurred_at, length, fingerprint, content)
    select activity_id, stored.occurred_at, length, fingerprint, ''
    from public.activity_bodies as stored
    join copied on copied.id = stored.activity_id
),
keys as (
    insert into message_keys
    select stored.*
    from public.message_keys as stored
    join copied on copied.id = stored.activity_id
    on conflict do nothing
),
routes as (
    insert into activity_routes
    select stored.*
    from public.activity_routes as stored
    join copied on copied.id = stored.activity_id
)
insert into activity_contacts
select stored.*
from public.activity_contacts as stored
join copied on copied.id = stored.activity_id
