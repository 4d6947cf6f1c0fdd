-- A page of the activities of the account $1, from the newest on, before the place $2, $3: how many there were, how many of them lost
-- something, and the last place. A mail that is found to be older meanwhile goes further down, and is not missed.
with page as materialized (
    select id, occurred_at
    from activities
    where account_id = $1
      and (occurred_at, id) < ($2, $3)
    order by occurred_at desc, id desc
    limit $4
),
reduced as (
    update activities
    set subject = stored_subject(storage_level($1), subject),
        snippet = stored_snippet(storage_level($1), snippet),
        attachments = stored_attachments(storage_level($1), attachments)
    where id in (select id from page)
      and (subject, snippet, attachments) <> (
        stored_subject(storage_level($1), subject),
        stored_snippet(storage_level($1), snippet),
        stored_attachments(storage_level($1), attachments))
    returning id
),
without_body as (
    delete from activity_bodies
    where activity_id in (select id from page)
      and storage_level($1) <> 'body'
    returning activity_id
)
select
    (select count(*) from page),
    (select count(*) from (select id from reduced union select activity_id from without_body) as changed),
    last.occurred_at,
    last.id
from (values (1)) as one
left join lateral (select occurred_at, id from page order by occurred_at, id limit 1) as last on true
