-- Pages of the sent or of the incoming mail alone, at the cost of any other page.

-- 'sent' if any account's copy that links the contact was sent, else 'incoming': the same whatever the order of accounts and events.
--   insert ... on conflict (contact_id, mail_key) do update set direction = greatest(timeline_entries.direction, excluded.direction)
alter table timeline_entries add column direction text not null default 'incoming';

update timeline_entries
set direction = 'sent'
where exists (
    select
    from activity_contacts as link
    join activities as copy on copy.id = link.activity_id
    where link.entry_id = timeline_entries.id
      and copy.direction = 'sent');

alter table timeline_entries
    alter column direction drop default,
    add constraint timeline_entries_direction_known check (direction in ('incoming', 'sent'));

create index timeline_entries_by_direction on timeline_entries (contact_id, direction, occurred_at desc, id desc);
create index activities_by_direction on activities (account_id, direction, occurred_at desc, id desc);
