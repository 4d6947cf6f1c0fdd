-- Events that are to be written once more, at most $3, behind the offset $2 of the partition $1.
select distinct partition, "offset", account_id, source, event_id
from address_ledger
where is_due
  and (partition, "offset") > ($1, $2)
order by partition, "offset"
limit $3
