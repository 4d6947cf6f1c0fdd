update storage_runs
set state = 'running',
    started_at = coalesce(started_at, now())
where id = (
    select id
    from storage_runs
    where state in ('queued', 'running')
    order by requested_at, id
    limit 1)
returning id, account_id, last_account, before_at, before_id
