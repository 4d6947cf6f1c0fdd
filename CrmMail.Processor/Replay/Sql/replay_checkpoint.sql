-- Writes nothing once the partition belongs to another worker or the run has ended; the caller then commits nothing.
with changes as (
    insert into replay_changes (run_id, kind, account_id, event_id, activity_id, partition, "offset", reason)
    select $1, change.kind, activity.account_id, activity.event_id, activity.id, activity.partition, activity."offset", change.reason
    from unnest($8, $9, $10) as change (activity_id, kind, reason)
    join activities as activity on activity.id = change.activity_id
    on conflict (run_id, activity_id) do nothing
    returning kind, activity_id, partition, "offset"
),
-- They were counted as unchanged when their own event was read, or will be.
followers as (
    select changes.activity_id
    from changes
    join replay_partitions as range on range.run_id = $1 and range.partition = changes.partition
    where changes.activity_id = any ($12)
      and changes."offset" >= range.from_offset
      and changes."offset" < range.to_offset
)
update replay_partitions as part
set next_offset = $4,
    skipped = skipped + $5,
    unchanged = unchanged + $6 - (select count(*) from followers),
    dead_letters = dead_letters + $7,
    trimmed = trimmed + $11,
    added = added + (select count(*) from changes where kind = 'added'),
    changed = changed + (select count(*) from changes where kind = 'changed'),
    moved = moved + (select count(*) from changes where kind = 'moved')
from replay_runs as run
where part.run_id = $1
  and part.partition = $2
  and part.owner = $3
  and run.id = $1
  and run.state = 'running'
