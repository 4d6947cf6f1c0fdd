-- Writes down what the comparison found, and that the account $4 is done; nothing once the partition belongs to another worker.
with changes as (
    insert into replay_changes (run_id, kind, account_id, event_id, activity_id, partition, "offset", reason)
    select $1, kind, account_id, event_id, activity_id, partition, "offset", reason
    from comparison
    where kind <> 'unchanged'
    on conflict (run_id, activity_id) do nothing
    returning kind
)
update replay_partitions as part
set next_account = $4,
    added = added + (select count(*) from changes where kind = 'added'),
    changed = changed + (select count(*) from changes where kind = 'changed'),
    moved = moved + (select count(*) from changes where kind = 'moved'),
    removed = removed + (select count(*) from changes where kind = 'removed'),
    unchanged = unchanged + (select count(*) from comparison where kind = 'unchanged')
from replay_runs as run
where part.run_id = $1
  and part.partition = $2
  and part.owner = $3
  and run.id = $1
  and run.state = 'running'
