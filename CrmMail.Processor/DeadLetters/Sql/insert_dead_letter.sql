-- A record that fails at its place once more is known. Another event at the same place tells that the topic was made anew.
insert into dead_letters (
    account_id, source, event_id, event, correlation_id, reason, detail, fingerprint,
    topic, partition, "offset", dead_letter_partition, dead_letter_offset, attempt, first_failed_at, failed_at, requeues)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
on conflict (topic, partition, "offset") do update
set account_id = excluded.account_id,
    source = excluded.source,
    event_id = excluded.event_id,
    event = excluded.event,
    correlation_id = excluded.correlation_id,
    reason = excluded.reason,
    detail = excluded.detail,
    fingerprint = excluded.fingerprint,
    dead_letter_partition = excluded.dead_letter_partition,
    dead_letter_offset = excluded.dead_letter_offset,
    attempt = excluded.attempt,
    first_failed_at = excluded.first_failed_at,
    failed_at = excluded.failed_at,
    requeues = excluded.requeues,
    state = 'open'
where (dead_letters.account_id, dead_letters.source, dead_letters.event_id)
    is distinct from (excluded.account_id, excluded.source, excluded.event_id)
