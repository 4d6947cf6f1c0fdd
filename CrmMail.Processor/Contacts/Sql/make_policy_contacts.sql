-- Two Processors may make the same contact side by side: the second finds the rows of the first. In the order of their keys, so that they
-- cannot wait for each other. $9 tells which contacts are not there yet: of those every address has to be theirs, and the number of rows
-- says so. The name follows the event that comes first, until a person changes it.
with told as materialized (
    select *
    from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
        as told (id, address, name, origin, account_id, source, event_id, occurred_at, is_new)
),
made as (
    insert into contacts (id, name, origin, origin_account_id, origin_source, origin_event_id, origin_at, origin_name)
    select id, name, origin, account_id, source, event_id, occurred_at, name
    from told
    where is_new
       or exists (
        select
        from contacts as known
        where known.id = told.id
          and (known.origin_name = '', known.origin_at, known.origin_account_id, known.origin_event_id)
            > (told.name = '', told.occurred_at, told.account_id, told.event_id))
    order by id
    on conflict (id) do update
    set name = case when contacts.name = contacts.origin_name then excluded.name else contacts.name end,
        updated_at = now(),
        origin = excluded.origin,
        origin_account_id = excluded.origin_account_id,
        origin_source = excluded.origin_source,
        origin_event_id = excluded.origin_event_id,
        origin_at = excluded.origin_at,
        origin_name = excluded.origin_name
    where (contacts.origin_name = '', contacts.origin_at, contacts.origin_account_id, contacts.origin_event_id)
        > (excluded.origin_name = '', excluded.origin_at, excluded.origin_account_id, excluded.origin_event_id)
)
insert into contact_addresses (address, contact_id)
select address, id
from told
where is_new
order by address
on conflict (address) do update
set position = contact_addresses.position
where contact_addresses.contact_id = excluded.contact_id
