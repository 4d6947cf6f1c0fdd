update dead_letter_runs
set state = 'running',
    started_at = coalesce(started_at, now())
where id = (
    select id
    from dead_letter_runs
    where state in ('queued', 'running')
    order by requested_at, id
    limit 1)
  and state in ('queued', 'running')
returning id, action, request::text, requested_by, max_id, done + failed
