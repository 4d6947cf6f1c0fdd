-- Pages of the sent or of the incoming mail alone, at the cost of any other page; and a place on the timeline that does not depend on
-- the order in which events and accounts tell of a mail.

-- Of all copies that link the contact, whichever account has them: 'sent' if one was sent, and the time of the earliest.
--   insert ... on conflict (contact_id, mail_key) do update set occurred_at = least(...), direction = greatest(...)
alter table timeline_entries add column direction text not null default 'incoming';

update timeline_entries
set occurred_at = copies.occurred_at, direction = copies.direction
from (
    select link.entry_id, min(copy.occurred_at) as occurred_at, max(copy.direction) as direction
    from activity_contacts as link
    join activities as copy on copy.id = link.activity_id
    group by link.entry_id) as copies
where timeline_entries.id = copies.entry_id
  and (timeline_entries.occurred_at, timeline_entries.direction) <> (copies.occurred_at, copies.direction);

alter table timeline_entries
    alter column direction drop default,
    add constraint timeline_entries_direction_known check (direction in ('incoming', 'sent'));

create index timeline_entries_by_direction on timeline_entries (contact_id, direction, occurred_at desc, id desc);
create index activities_by_direction on activities (account_id, direction, occurred_at desc, id desc);

-- 0003 says of both that the first writer fixes them. That is no longer so:
comment on column activities.occurred_at is
    'The earliest time that any event tells of the mail in this account: its Date header, or the time of receipt where that is not sane; of a sent mail also when the server took it.';
comment on column timeline_entries.occurred_at is
    'The earliest of the activities of the mail, of all accounts. It moves into the past only, when a copy tells an earlier time, usually by seconds and soon after the first. So a reader who pages into the past misses nothing; at worst the entry that moved is on two pages.';
