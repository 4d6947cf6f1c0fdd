-- Attached files: what events tell of them, and what came of asking for one. The files stay where they are.

-- [{"name", "type", "size", "url"}] in the order of the mail, at most 50; attachment_count counts them all. "size" is that of the encoded file
-- where EmailEngine tells it. "url" is where the file is, if that is not the mailbox.
alter table activities add column attachments jsonb not null default '[]';

-- A file that was asked for: instead of the file, that it was read, was what it says it is, and has this checksum, which is believed for a while;
-- or that it could not be had, and when to try again.
create table attachment_links (
    activity_id   bigint      not null references activities on delete cascade,
    position      smallint    not null,
    state         text        not null,
    asked_at      timestamptz not null,

    -- Of a file that was read.
    sha256        bytea,
    size          bigint,
    expires_at    timestamptz,

    -- Of one that could not be had.
    attempts      integer     not null default 0,
    next_try_at   timestamptz,
    error         text,

    primary key (activity_id, position),
    constraint attachment_links_state_known check (state in ('linked', 'refused', 'waiting', 'dead')),
    constraint attachment_links_linked_with_checksum check (state <> 'linked' or (octet_length(sha256) = 32 and size >= 0 and expires_at is not null)),
    constraint attachment_links_waiting_with_time check ((state = 'waiting') = (next_try_at is not null))
);

create index attachment_links_waiting on attachment_links (next_try_at) where state = 'waiting';
create index attachment_links_by_time on attachment_links (asked_at);
