-- How much of mails is stored, for all accounts and for single ones: the strictest wins.

create table storage_settings (
    -- There is one row.
    id          boolean     primary key default true,
    level       text        not null default 'snippet',
    updated_at  timestamptz not null default now(),

    constraint storage_settings_one_row check (id),
    constraint storage_settings_level_known check (level in ('metadata', 'subject', 'snippet'))
);

insert into storage_settings default values;

alter table accounts
    add column storage_level text,
    add constraint accounts_storage_level_known check (storage_level in ('metadata', 'subject', 'snippet'));

-- Null asks for nothing.
create function strictest_level(one text, other text) returns text
language sql immutable parallel safe
return case when 'metadata' in (one, other) then 'metadata' when 'subject' in (one, other) then 'subject' else 'snippet' end;

-- The level that holds for an account, also for one that is not known yet. A statement sees the settings as they were when it began: a
-- writer takes the row of the account first, and asks then.
create function storage_level(account text) returns text
language sql stable parallel safe
return (
    select strictest_level(storage_settings.level, accounts.storage_level)
    from storage_settings
    left join accounts on accounts.id = account);

create function stored_subject(level text, subject text) returns text
language sql immutable parallel safe
return case when level = 'metadata' then '' else subject end;

create function stored_snippet(level text, snippet text) returns text
language sql immutable parallel safe
return case when level in ('metadata', 'subject') then '' else snippet end;

-- The names of files say as much as a subject.
create function stored_attachments(level text, attachments jsonb) returns jsonb
language sql immutable parallel safe
return case when level = 'metadata' then '[]' else attachments end;

-- Applies the levels of today to what is stored: asked for through the Api, done by a Processor, account by account.
create table storage_runs (
    id            uuid        primary key,
    -- Null for all accounts.
    account_id    text        references accounts on delete cascade,
    level         text        not null,
    state         text        not null default 'queued',
    requested_by  text        not null,
    requested_at  timestamptz not null default now(),
    started_at    timestamptz,
    ended_at      timestamptz,

    -- Accounts, and mails from which something was removed.
    total         bigint      not null,
    done          bigint      not null default 0,
    changed       bigint      not null default 0,
    -- Why it could not go on.
    error         text,

    -- How far it is: accounts up to this one are done, and of the one behind it the activities before this place, from the newest on.
    last_account  text        not null default '',
    before_at     timestamptz not null default 'infinity',
    before_id     bigint      not null default 9223372036854775807,

    constraint storage_runs_level_known check (level in ('metadata', 'subject', 'snippet')),
    constraint storage_runs_state_known check (state in ('queued', 'running', 'completed', 'failed'))
);

create index storage_runs_by_age on storage_runs (requested_at desc, id desc);
create index storage_runs_open on storage_runs (requested_at) where state in ('queued', 'running');
