-- The last word on duplicates. The lock on the account makes a conflict impossible; should there be one, the count tells, and nothing is committed.
insert into message_keys (key, account_id, activity_id)
select *
from unnest($1, $2, $3)
on conflict (key, account_id) do nothing
