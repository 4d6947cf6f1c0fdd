-- In the order of contact and mail, for workers of other accounts may write the same entries. Of all copies the earliest time counts,
-- one that was sent makes the entry sent, and the tags of any are its tags: all the same in whatever order the copies come.
insert into timeline_entries (contact_id, mail_key, occurred_at, direction, tags)
select contact_id, mail_key, min(occurred_at), max(direction), bit_or(tags)
from unnest($1, $2, $3, $4, $5) as copy (contact_id, mail_key, occurred_at, direction, tags)
group by contact_id, mail_key
order by contact_id, mail_key
on conflict (contact_id, mail_key) do update
set occurred_at = least(timeline_entries.occurred_at, excluded.occurred_at),
    direction = greatest(timeline_entries.direction, excluded.direction),
    tags = timeline_entries.tags | excluded.tags
where excluded.occurred_at < timeline_entries.occurred_at
   or excluded.direction > timeline_entries.direction
   or timeline_entries.tags | excluded.tags <> timeline_entries.tags
