-- Putting dead letters back, or leaving them unprocessed for good: many at a time, in runs that survive whoever does them.

-- How often the record was put back before, by its header, and from here: a letter that fails again and again is withheld.
alter table dead_letters add column requeues integer not null default 0;

create index dead_letters_by_fingerprint on dead_letters (fingerprint, id desc);

create table dead_letter_runs (
    id            uuid        primary key,
    action        text        not null,
    state         text        not null default 'queued',
    -- What was asked for, with the filter: the Processor reads it.
    request       jsonb       not null,
    requested_by  text        not null,
    requested_at  timestamptz not null default now(),
    started_at    timestamptz,
    ended_at      timestamptz,

    -- Letters that came after this one are none of the run's.
    max_id        bigint      not null,
    -- How many letters matched when the run was asked for.
    total         bigint      not null,
    done          bigint      not null default 0,
    failed        bigint      not null default 0,
    -- Why it could not go on.
    error         text,

    constraint dead_letter_runs_action_known check (action in ('requeue', 'discard')),
    constraint dead_letter_runs_state_known check (state in ('queued', 'running', 'completed', 'failed', 'cancelled'))
);

create index dead_letter_runs_by_age on dead_letter_runs (requested_at desc, id desc);
create index dead_letter_runs_open on dead_letter_runs (requested_at) where state in ('queued', 'running');

-- What a run has done with each letter. Whoever takes up a run leaves these out.
create table dead_letter_run_results (
    run_id          uuid        not null references dead_letter_runs on delete cascade,
    dead_letter_id  bigint      not null references dead_letters on delete cascade,
    result          text        not null,
    at              timestamptz not null default now(),

    primary key (run_id, dead_letter_id),
    constraint dead_letter_run_results_known check (result in ('requeued', 'discarded', 'gone', 'too_large'))
);

create index dead_letter_run_results_by_letter on dead_letter_run_results (dead_letter_id);
