-- Mailboxes, and the addresses by which they are known.

create table accounts (
    id                text        primary key,
    name              text        not null default '',
    address           text        collate "C",

    state             text        not null default 'new',
    state_since       timestamptz not null default '-infinity',
    -- The record that set the state. Retries reorder webhooks, so a state is replaced only by a later one:
    --   where (accounts.state_since, accounts.state_offset) < (excluded.state_since, excluded.state_offset)
    state_partition   integer,
    state_offset      bigint      not null default -1,
    last_error        text,
    last_error_at     timestamptz,

    incoming_count    bigint      not null default 0,
    sent_count        bigint      not null default 0,
    skipped_count     bigint      not null default 0,

    -- EmailEngine gives a webhook up after about 43 minutes: where no event came for longer, the mailbox is compared from here on.
    last_event_at     timestamptz,
    reconciled_until  timestamptz,

    created_at        timestamptz not null default now(),

    constraint accounts_state_known check (state in (
        'new', 'init', 'connecting', 'syncing', 'connected', 'authentication-error', 'connect-error', 'disconnected', 'unset', 'deleted'))
);

-- Every address that sends or receives for an account: its own and its aliases. One alias may belong to several accounts.
create table account_addresses (
    account_id  text  not null references accounts on delete cascade,
    address     text  collate "C" not null,

    primary key (address, account_id),
    constraint account_addresses_not_empty check (address <> '')
);

create index account_addresses_by_account on account_addresses (account_id);
