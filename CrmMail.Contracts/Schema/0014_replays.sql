-- Replays: ranges of mail.events that are read once more, beside the live consumer. Asked for through the Api, done by the Processors.

create table replay_runs (
    id                    uuid        primary key,
    -- What it does to the tables; a verify only tells what the mode in "previews" would do.
    mode                  text        not null,
    previews              text        not null,
    state                 text        not null default 'queued',

    request               jsonb       not null,
    requested_by          text        not null,
    requested_at          timestamptz not null default now(),
    started_at            timestamptz,
    ended_at              timestamptz,
    error                 text,

    -- The range: null where it is open. Offsets by partition: {"0": 12}
    from_time             timestamptz,
    to_time               timestamptz,
    from_offsets          jsonb,
    to_offsets            jsonb,
    partitions            integer[],
    account_id            text,
    event                 text,
    allow_trimmed         boolean     not null default false,

    rate_per_second       integer,
    pause_at_lag_seconds  integer     not null,
    -- Live events were late a moment ago: nothing is read before then.
    paused_until          timestamptz not null default '-infinity',

    constraint replay_runs_mode_known check (mode in ('verify', 'fill', 'rebuild')),
    constraint replay_runs_previews_known check (previews in ('fill', 'rebuild')),
    constraint replay_runs_state_known check (state in ('queued', 'running', 'completed', 'failed', 'cancelled'))
);

create index replay_runs_by_age on replay_runs (requested_at desc, id desc);
create index replay_runs_unfinished on replay_runs (requested_at) where state in ('queued', 'running');

-- The part of a run in one partition, and how far it is. "next_offset" is written together with the rows of the records before it.
create table replay_partitions (
    run_id         uuid        not null references replay_runs on delete cascade,
    partition      integer     not null,
    from_offset    bigint      not null,
    to_offset      bigint      not null,
    -- Nothing lay behind the range when it was fixed: what a mail has beyond it came later, and is remembered.
    reaches_end    boolean     not null,
    trimmed        bigint      not null default 0,

    -- fill writes to the tables. draft writes to tables of the run's own, which compare then holds against the real ones.
    pass           text        not null,
    next_offset    bigint      not null,
    next_account   text        collate "C" not null default '',
    is_done        boolean     not null default false,

    added          bigint      not null default 0,
    changed        bigint      not null default 0,
    moved          bigint      not null default 0,
    removed        bigint      not null default 0,
    skipped        bigint      not null default 0,
    unchanged      bigint      not null default 0,
    dead_letters   bigint      not null default 0,

    -- The worker that has it, and until when unless it says so again: by the clock of the database.
    owner          uuid,
    leased_until   timestamptz,

    primary key (run_id, partition),
    constraint replay_partitions_pass_known check (pass in ('draft', 'compare', 'fill')),
    constraint replay_partitions_range_in_order check (from_offset <= next_offset and next_offset <= to_offset)
);

-- Two runs never write the same partition at the same time.
create unique index replay_partitions_one_worker on replay_partitions (partition) where owner is not null;

-- What a run changed, or would change: one row per activity, and nothing of the mail.
create table replay_changes (
    id           bigint   generated always as identity primary key,
    run_id       uuid     not null references replay_runs on delete cascade,
    kind         text     not null,
    account_id   text     not null,
    event_id     text     not null,
    activity_id  bigint   not null,
    partition    integer  not null,
    "offset"     bigint   not null,
    reason       text     not null,

    constraint replay_changes_one_per_activity unique (run_id, activity_id),
    constraint replay_changes_kind_known check (kind in ('added', 'changed', 'moved', 'removed'))
);

create index replay_changes_in_order on replay_changes (run_id, id);
create index replay_changes_by_kind on replay_changes (run_id, kind, id);

-- A person was erased from the participants of the mail: no replay brings it back.
alter table activities add column redacted_at timestamptz;
