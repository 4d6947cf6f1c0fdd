-- Every writer of an account takes its row first, in one order: two Processors, or a replay beside the live one, then write one after
-- the other and cannot deadlock. Not "for update", which foreign keys to the account would wait for.
select id, state_since, state_offset, last_error_at, last_event_at, forgotten_before
from accounts
where id = any ($1)
order by id
for no key update
