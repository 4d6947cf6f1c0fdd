-- What a mail is besides a message from a person, and pages without it at the cost of any other page.

-- A bit for each tag: 1 auto-reply, 2 bounce, 4 bulk, 8 no-reply, 16 calendar, 32 unverified. tag_rules are the names of the rules that
-- found them, sorted: the union of what all events of the mail in this account tell.
alter table activities
    add column tags integer not null default 0,
    add column tag_rules text[] not null default '{}',
    add constraint activities_tags_with_rules check ((tags = 0) = (tag_rules = '{}'));

-- Of all copies that link the contact: the tags of any of them.
--   insert ... on conflict (contact_id, mail_key) do update set tags = tags | excluded.tags
alter table timeline_entries add column tags integer not null default 0;

-- The mails of one set of tags are together, in their order: what is hidden lies elsewhere in the index. A page with further tags merges
-- as many walks as the contact has different sets, at most 64.
create index timeline_entries_by_tags on timeline_entries (contact_id, tags, occurred_at desc, id desc);
create index timeline_entries_by_direction_and_tags on timeline_entries (contact_id, direction, tags, occurred_at desc, id desc);
drop index timeline_entries_in_order;
drop index timeline_entries_by_direction;
