update storage_runs
set last_account = $2,
    before_at = $3,
    before_id = $4,
    done = done + $5,
    changed = changed + $6
where id = $1
