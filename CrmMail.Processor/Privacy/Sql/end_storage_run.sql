with ended as (
    update storage_runs
    set state = $2,
        error = $3,
        ended_at = now()
    where id = $1
      and state = 'running'
    returning id, state, total, done, changed
)
update operations_audit
set result = jsonb_build_object('state', ended.state, 'total', total, 'done', done, 'changed', changed)
from ended
where run_id = ended.id
  and result is null
