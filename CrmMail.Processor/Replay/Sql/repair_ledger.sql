-- By which addresses an event was looked up follows from the event: what it no longer tells goes.
delete from public.address_ledger as known
where known.account_id = $1
  and (known.source, known.event_id) in (
    select source, event_id from skipped_events where account_id = $1
    union all
    select source, event_id from activities where account_id = $1 and not exists (select from seeds where activity_id = activities.id))
  and not exists (
    select
    from address_ledger as told
    where (told.account_id, told.source, told.event_id, told.role, told.address_key)
        = (known.account_id, known.source, known.event_id, known.role, known.address_key))
