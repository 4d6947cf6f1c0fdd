-- "What became of this event?" is asked by the id that the sender gave it, which is unique only together with source and account.

create index activities_by_event on activities (event_id);
create index skipped_events_by_event on skipped_events (event_id);
