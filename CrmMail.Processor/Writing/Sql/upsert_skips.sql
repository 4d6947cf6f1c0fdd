-- $6 holds the keys of a mail one after the other, 32 bytes each: an array of arrays has to be rectangular.
insert into skipped_events (account_id, source, event_id, event, reason, mail_keys, topic, partition, "offset", correlation_id)
select
    account_id, source, event_id, event, reason,
    array(select substring(keys from 32 * n + 1 for 32) from generate_series(0, octet_length(keys) / 32 - 1) as n),
    topic, partition, "offset", correlation_id
from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    as skipped (account_id, source, event_id, event, reason, keys, topic, partition, "offset", correlation_id)
on conflict (account_id, source, event_id) do update
set reason = excluded.reason
