with ended as (
    update dead_letter_runs
    set state = $2,
        error = $3,
        ended_at = now()
    where id = $1
      and state = 'running'
    returning id, state, total, done, failed
)
update operations_audit
set result = jsonb_build_object('state', ended.state, 'total', total, 'done', done, 'failed', failed)
from ended
where run_id = ended.id
  and result is null
