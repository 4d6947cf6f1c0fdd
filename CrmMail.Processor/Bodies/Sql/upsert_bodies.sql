insert into activity_bodies (activity_id, occurred_at, length, fingerprint, content)
select *
from unnest($1, $2, $3, $4, $5)
on conflict (activity_id) do update
set occurred_at = excluded.occurred_at, length = excluded.length, fingerprint = excluded.fingerprint, content = excluded.content
