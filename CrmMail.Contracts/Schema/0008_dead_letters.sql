-- What lies in the topic of the dead letters, one row per record that could not be processed, so that nobody has to search Kafka. The
-- bytes and the headers stay there. Written once the broker has the dead letter, before the offset of the record moves on:
--   insert ... on conflict (topic, partition, "offset") do nothing, but for a record that took the place of another one
create table dead_letters (
    id                     bigint      generated always as identity primary key,

    -- As far as the record tells: a foreign one may lack any of them.
    account_id             text,
    source                 text,
    event_id               text,
    event                  text,
    correlation_id         text,

    reason                 text        not null,
    -- What was wrong, nothing of the mail.
    detail                 text        not null,
    -- The same for all dead letters of one cause.
    fingerprint            text        not null,

    topic                  text        not null,
    partition              integer     not null,
    "offset"               bigint      not null,
    dead_letter_partition  integer     not null,
    dead_letter_offset     bigint      not null,

    -- 1, and more after the record was put back and failed again.
    attempt                integer     not null,
    first_failed_at        timestamptz not null,
    failed_at              timestamptz not null,

    state                  text        not null default 'open',

    constraint dead_letters_one_per_record unique (topic, partition, "offset"),
    constraint dead_letters_attempt_counts check (attempt > 0),
    constraint dead_letters_state_known check (state in ('open', 'requeued', 'discarded'))
);

create index dead_letters_by_event on dead_letters (event_id);
create index dead_letters_by_account on dead_letters (account_id);
create index dead_letters_by_state on dead_letters (state, id desc);
