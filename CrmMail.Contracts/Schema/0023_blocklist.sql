-- Addresses and domains whose mails make no activities: for everybody, or for one account.

create table blocklist (
    id          uuid        primary key,
    -- As addresses are compared: lower case, the domain in A-labels. Without an "@" it is a domain, with all that is below it.
    value       text        collate "C" not null,
    account_id  text        references accounts on delete cascade,
    note        text        not null default '',
    -- The name of the API key.
    added_by    text        not null,
    added_at    timestamptz not null default now(),

    constraint blocklist_value_not_empty check (value <> '')
);

create unique index blocklist_by_value on blocklist (value, coalesce(account_id, ''));
create index blocklist_by_account on blocklist (account_id) where account_id is not null;
