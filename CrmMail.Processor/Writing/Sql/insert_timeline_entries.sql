-- Sorted by contact and mail, for workers of other accounts may insert the same entries.
insert into timeline_entries (contact_id, mail_key, occurred_at)
select *
from unnest($1, $2, $3)
on conflict (contact_id, mail_key) do nothing
