update accounts
set state = change.state, state_since = change.since, state_partition = change.partition, state_offset = change."offset"
from unnest($1, $2, $3, $4, $5) as change (id, state, since, partition, "offset")
where accounts.id = change.id
  and (accounts.state_since, accounts.state_offset) < (change.since, change."offset")
