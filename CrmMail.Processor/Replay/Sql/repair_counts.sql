-- The numbers of activities of the account $1.
update public.accounts
set incoming_count = greatest(0, incoming_count + difference.incoming),
    sent_count = greatest(0, sent_count + difference.sent)
from (
    select
        coalesce(sum((kind = 'changed' and stored_direction = 'sent')::integer - (stored_direction = 'incoming')::integer), 0) as incoming,
        coalesce(sum((kind = 'changed' and stored_direction = 'incoming')::integer - (stored_direction = 'sent')::integer), 0) as sent
    from comparison
    where kind = 'removed' or (kind = 'changed' and direction)
) as difference
where accounts.id = $1
  and (difference.incoming <> 0 or difference.sent <> 0)
