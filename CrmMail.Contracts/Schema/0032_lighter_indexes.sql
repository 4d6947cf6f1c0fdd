-- Indexes that every event pays for, and that are asked for equality at most. A hash index has 16 bytes for each row, whatever the length of the text.

-- Nothing looks for a correlation id in tables: it leads through logs and traces, and follows from the id of the event.
drop index activities_by_correlation;
drop index skipped_events_by_correlation;

drop index activities_by_event;
drop index skipped_events_by_event;
create index activities_by_event on activities using hash (event_id);
create index skipped_events_by_event on skipped_events using hash (event_id);

drop index address_ledger_by_mail;
create index address_ledger_by_mail on address_ledger using hash (mail_key);
