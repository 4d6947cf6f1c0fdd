-- Mailboxes compared with what is here, so that mails whose webhooks are gone for good are fed into mail.events after all.

create table reconciliations (
    id            uuid        primary key,
    account_id    text        not null references accounts on delete cascade,
    state         text        not null default 'queued',
    cause         text        not null,
    is_dry_run    boolean     not null default false,
    -- Somebody waits for this one account: it goes before runs that all accounts got at once.
    is_awaited    boolean     not null default false,
    -- Mails that the mail server received earlier are left alone.
    since         timestamptz not null,
    -- What happened to the account, or to Ingest, if nobody asked: one run for each such event, whichever Api sees it first.
    triggered_at  timestamptz,
    requested_by  text        not null,
    requested_at  timestamptz not null default now(),
    started_at    timestamptz,
    ended_at      timestamptz,
    -- Why it could not go on, or what it waits for.
    error         text,

    -- Not before this moment: a server was away, this often in a row, and for the mailbox since then.
    resume_at         timestamptz not null default now(),
    attempts          integer     not null default 0,
    mailbox_away_at   timestamptz,

    folders       integer     not null default 0,
    folders_done  integer     not null default 0,
    seen          bigint      not null default 0,
    missing       bigint      not null default 0,
    fed           bigint      not null default 0,

    constraint reconciliations_cause_known check (cause in ('demand', 'reconnected', 'ingest-outage')),
    constraint reconciliations_state_known check (state in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    constraint reconciliations_once_for_each_trigger unique (account_id, cause, triggered_at)
);

create index reconciliations_by_age on reconciliations (requested_at desc, id desc);
create index reconciliations_by_account on reconciliations (account_id, requested_at desc, id desc);
create index reconciliations_open on reconciliations (requested_at, id) where state in ('queued', 'running');

-- How far a run is in each folder: whoever takes it up goes on here.
create table reconciliation_folders (
    run_id       uuid     not null references reconciliations on delete cascade,
    position     integer  not null,
    path         text     not null,
    special_use  text,
    -- EmailEngine's cursor of the next page; null for the first.
    cursor       text,
    -- Mails in the folder when the page before was read.
    total        bigint,
    is_done      boolean  not null default false,

    primary key (run_id, position)
);

-- What was missing, of a dry run what would be fed. Kept for 30 days after the run.
create table reconciliation_mails (
    id          bigint      generated always as identity primary key,
    run_id      uuid        not null references reconciliations on delete cascade,
    event_id    text        not null,
    -- EmailEngine's id of the mail in this folder.
    remote_id   text        not null,
    folder      text        not null,
    message_id  text,
    received_at timestamptz,
    is_fed      boolean     not null,

    constraint reconciliation_mails_once unique (run_id, event_id)
);

create index reconciliation_mails_in_order on reconciliation_mails (run_id, id);

-- The times in which an Ingest could put events into Kafka: one row as long as its heart beats, another one after every pause. A hole
-- between the rows of all of them is a time in which webhooks were refused, and EmailEngine gives one up after about 43 minutes.
create table ingest_heartbeats (
    id        uuid        primary key,
    began_at  timestamptz not null default now(),
    beat_at   timestamptz not null default now()
);

create index ingest_heartbeats_by_beginning on ingest_heartbeats (began_at);

-- Holes that were seen, so that each is repaired once.
create table ingest_outages (
    began_at  timestamptz primary key,
    ended_at  timestamptz not null,
    seen_at   timestamptz not null default now()
);
