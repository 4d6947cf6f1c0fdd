select account_id, source, event_id, reason
from skipped_events
join unnest($1, $2, $3) as asked (account_id, source, event_id) using (account_id, source, event_id)
