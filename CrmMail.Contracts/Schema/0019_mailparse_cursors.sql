-- How far the listing of each inbox of MailParse was read. One Ingest reads an inbox at a time: it holds the lock of the row.

create table mailparse_cursors (
    inbox      text        primary key,
    -- Where the next page begins, as MailParse gave it; null at the beginning. It moves once Kafka has the page before it.
    cursor     text,
    -- Nobody reads it before this moment: the interval is over then, or MailParse said when to come again.
    poll_at    timestamptz not null default now(),
    -- How many reads failed since the last one that did not.
    failures   integer     not null default 0,
    -- When a page was last read and stored.
    polled_at  timestamptz,

    constraint mailparse_cursors_inbox_named check (inbox <> '')
);
