-- In the order of contact and mail, for workers of other accounts may write the same entries. One copy that was sent makes the entry sent.
insert into timeline_entries (contact_id, mail_key, occurred_at, direction)
select contact_id, mail_key, min(occurred_at), max(direction)
from unnest($1, $2, $3, $4) as told (contact_id, mail_key, occurred_at, direction)
group by contact_id, mail_key
order by contact_id, mail_key
on conflict (contact_id, mail_key) do update
set direction = excluded.direction
where excluded.direction > timeline_entries.direction
