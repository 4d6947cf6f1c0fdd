update accounts
set incoming_count = incoming_count + told.incoming,
    sent_count = sent_count + told.sent,
    skipped_count = greatest(0, skipped_count + told.skipped),
    last_event_at = greatest(accounts.last_event_at, told.last_event_at)
from unnest($1, $2, $3, $4, $5) as told (id, incoming, sent, skipped, last_event_at)
where accounts.id = told.id
