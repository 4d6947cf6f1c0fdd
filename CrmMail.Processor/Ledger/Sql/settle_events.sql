-- The events were written once more, or are gone.
update address_ledger
set is_due = false
from unnest($1, $2, $3) as written (account_id, source, event_id)
where (address_ledger.account_id, address_ledger.source, address_ledger.event_id) = (written.account_id, written.source, written.event_id)
  and is_due
