-- In the order of contact and mail, for workers of other accounts may write the same entries. Of all copies the earliest time counts, and
-- one that was sent makes the entry sent: both the same in whatever order the copies come.
insert into timeline_entries (contact_id, mail_key, occurred_at, direction)
select contact_id, mail_key, min(occurred_at), max(direction)
from unnest($1, $2, $3, $4) as copy (contact_id, mail_key, occurred_at, direction)
group by contact_id, mail_key
order by contact_id, mail_key
on conflict (contact_id, mail_key) do update
set occurred_at = least(timeline_entries.occurred_at, excluded.occurred_at),
    direction = greatest(timeline_entries.direction, excluded.direction)
where excluded.occurred_at < timeline_entries.occurred_at
   or excluded.direction > timeline_entries.direction
