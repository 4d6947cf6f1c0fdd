delete from skipped_events
using unnest($1, $2, $3) as activity (account_id, source, event_id)
where skipped_events.account_id = activity.account_id
  and skipped_events.source = activity.source
  and skipped_events.event_id = activity.event_id
